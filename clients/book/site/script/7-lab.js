// The lab: servers at work, live or recorded.

const made = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

book.recordings = {}; // by chapter: each is a script of its own

class LabView {
  constructor(root) {
    this.root = root;
    this.bench = JSON.parse(root.dataset.bench);
    this.find = (selector) => root.querySelector(selector);
    this.scene = new Scene([]);
    this.guesses = new Map();
    this.panels = [];
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.zoom = this.find(".labzoom");
    this.zoom.addEventListener("submit", (event) => event.preventDefault());
    this.zoom.shows.addEventListener("change", () => this.lookAtLast());
    const start = this.find(".labstart");
    for (const { number, title } of this.bench.chapters) {
      for (const select of [start.first, start.second]) select.append(new Option(`${number} ${title}`, number));
    }
    start.first.value = String(this.bench.chapter || this.bench.chapters[0].number);
    start.first.addEventListener("change", () => this.offer());
    this.driver = this.bench.live ? new LiveLab(this) : new Playback(this);
    this.offer();
    root.hidden = false;
    this.draw(0);
  }

  get chapter() {
    return Number(this.find(".labstart").first.value);
  }

  // choose shows which chapters the servers are of. It may be another page that has chosen.
  choose([first, second = ""]) {
    const start = this.find(".labstart");
    start.second.value = String(second);
    if (this.chapter === first) return;
    start.first.value = String(first);
    this.offer();
  }

  stopped() {
    for (const side of this.scene.sides) {
      side.runs = false;
      side.state = "has been stopped";
    }
  }

  // offer shows the experiments of the chapter.
  offer() {
    const chapter = this.bench.chapters.find(({ number }) => number === this.chapter);
    this.find(".labexperiments").replaceChildren(...(chapter.experiments ?? []).map((e) => this.experiment(e)));
  }

  experiment({ id, title, question, options, notice, ends }) {
    const guess = options
      ? made("select", { name: "guess", required: true }, new Option("your guess", ""), ...options.map((o) => new Option(o, o)))
      : made("input", { name: "guess", type: "number", min: 0, required: true, placeholder: "your guess" });
    guess.setAttribute("aria-label", "Your guess");
    const form = made("form", { className: "experiment" },
      made("h3", { textContent: title }), made("p", { textContent: question }), guess,
      made("button", { className: "tool", textContent: "Play" }), made("p", { className: "outcome" }));
    const look = made("button", { type: "button", className: "tool look", hidden: true, textContent: this.driver.looks });
    if (!ends) form.append(look);
    look.addEventListener("click", () => this.driver.look(id));
    form.dataset.id = id;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.guesses.set(id, { guess: guess.value, notice });
      this.playing = id;
      for (const side of this.scene.sides) side.outcome = "";
      this.driver.play(id);
    });
    return form;
  }

  reset(scene) {
    this.scene = scene;
    for (const lanes of this.panels) lanes.clear();
    const sides = this.find(".labsides");
    if (this.panels.length !== scene.sides.length) {
      this.panels = scene.sides.map(() => new SidePanel());
      sides.replaceChildren(...this.panels.map((panel) => panel.root));
    }
    this.say("");
  }

  say(text) {
    const word = this.find(".labword");
    if (word.textContent !== text) word.textContent = text;
  }

  // draw shows the scene as it is at a time. Sample is what the servers cost then.
  draw(now, sample) {
    const first = Math.max(0, Math.min(now, ...this.scene.clients.map(({ opened }) => opened)) - 200);
    const [from, to] = this.window(first, now);
    this.scene.sides.forEach((side, i) => this.panels[i].draw(side, from, to, sample?.sides[i]));
    if (this.scene.word) this.say(this.scene.word);
    this.compare();
    if (this.find(".labtable").open) this.tabulate();
  }

  // lookAtLast goes to where the last client came, which is what most experiments are about.
  lookAtLast() {
    const { shows, at } = this.zoom, { first, now } = this.all, length = Number(shows.value);
    const opened = Math.max(first, ...this.scene.clients.map(({ opened }) => opened)) - length / 10;
    at.value = String(Math.round(1000 * Math.max(0, opened - first) / Math.max(1, now - first - length)));
  }

  // window is the time that is drawn: the last of it while something happens, and what the reader
  // chooses when everything is over.
  window(first, now) {
    const over = this.driver?.over === true;
    if (this.zoom.hidden === over) this.zoom.hidden = !over;
    this.all = { first, now };
    if (!over) return [Math.max(first, now - 30_000), Math.max(first + 3000, now)];
    const { shows, at } = this.zoom, length = Number(shows.value), latest = Math.max(0, now - first - length);
    at.disabled = length === 0 || latest === 0;
    const from = first + (at.disabled ? 0 : latest * at.value / 1000);
    return [from, length === 0 ? Math.max(now, first + 100) : from + length];
  }

  // compare puts the reader's guess beside the outcome.
  compare() {
    const told = this.guesses.get(this.playing);
    const outcomes = this.scene.sides.filter(({ outcome }) => outcome).map(({ chapter, outcome }) => `chapter ${chapter}: ${outcome}`);
    const where = this.find(`.experiment[data-id="${this.playing}"] .outcome`);
    if (!told || !where) return;
    const text = outcomes.length ? `Your guess: ${told.guess}. The outcome in ${outcomes.join("; in ")}. ${told.notice}` : "";
    if (where.textContent !== text) where.textContent = text;
    const look = where.parentElement.querySelector(".look");
    if (look && look.hidden !== !text) look.hidden = !text;
  }

  tabulate() {
    const rows = this.scene.sides.flatMap((side) => [...side.clients.values()].map((v) => [
      `chapter ${side.chapter}`, v.name, v.greeted === undefined ? "not yet" : duration(v.greeted - v.opened),
      v.sent ?? "", v.reply ?? "", v.took === undefined ? "" : duration(v.took), v.state]));
    const body = this.find(".labtable tbody");
    const text = JSON.stringify(rows);
    if (body.dataset.rows === text) return;
    body.dataset.rows = text;
    body.replaceChildren(...rows.map((row) => made("tr", {}, ...row.map((cell) => made("td", { textContent: cell })))));
  }
}

// A side panel is one server: its lanes, its figures, its log.
class SidePanel {
  constructor() {
    this.title = made("h3");
    this.detail = made("p", { className: "labdetail" });
    this.figures = made("dl", { className: "labfigures" });
    this.log = made("pre", { className: "lablog", tabIndex: 0 });
    this.log.setAttribute("aria-label", "The server's log");
    this.lanes = new Lanes((visitor) => { this.looked = visitor; });
    this.inside = new Inside();
    this.root = made("section", { className: "labside" }, this.title, this.lanes.svg, this.inside.root, this.detail, this.figures, this.log);
  }

  clear() {
    this.lanes.clear();
    this.looked = undefined;
  }

  draw(side, from, to, figures) {
    set(this.title, `Chapter ${side.chapter} ${side.state}`);
    this.lanes.draw(side, from, to);
    this.inside.draw(side.inside, from, to);
    set(this.detail, this.looked?.story() ?? "");
    const log = side.log.slice(-8).join("\n");
    if (set(this.log, log)) this.log.scrollTop = this.log.scrollHeight;
    this.show(side, figures);
  }

  // show gives what the clients count, and what the kernel tells.
  show(side, figures = {}) {
    const waiting = [...side.clients.values()].filter((v) => v.state === "waits for *").length;
    const owed = [...side.clients.values()].filter((v) => v.state === "waits for the reply").length;
    const list = [["not greeted yet", String(waiting)], ["wait for a reply", String(owed)]];
    if (figures.echoes) {
      const { n, P50, P99 } = figures.echoes;
      list.push(["steady echoes", `p50 ${duration(P50)}, p99 ${duration(P99)} (${n} in 10 s)`]);
    }
    if (figures.backlog !== undefined) {
      list.push(["accepted, but not greeted", String(Math.max(0, waiting - figures.backlog))]);
      list.push(["kernel: not accepted yet", figures.backlog + " " + "▪".repeat(Math.min(30, figures.backlog))]);
    }
    if (figures.fds) list.push(["kernel: descriptors", String(figures.fds)]);
    if (figures.rss) list.push(["kernel: memory", `${(figures.rss / 1e6).toFixed(1)} MB`]);
    if (figures.threads) {
      const busy = figures.threads.filter((t) => t.cpu > 1 || t.state === "R");
      const text = busy.map((t) => `${t.state} nice ${t.nice} ${t.cpu}%`).join(", ");
      list.push(["kernel: threads", `${figures.threads.length}${text ? `; busy: ${text}` : ""}`]);
    }
    if (figures.threadCount) list.push(["kernel: threads", `${figures.threadCount}; busy: ${figures.cpu ?? 0}% of a core`]);
    if (figures.none) list.push(["kernel", figures.none]);
    list.forEach(([name, value], i) => {
      const row = this.figures.children[i] ?? this.figures.appendChild(made("div", {}, made("dt"), made("dd")));
      set(row.children[0], name);
      set(row.children[1], value);
    });
    while (this.figures.childElementCount > list.length) this.figures.lastChild.remove();
  }
}

function set(element, text) {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

book.ready(() => {
  for (const root of document.querySelectorAll(".bench")) {
    const start = () => new LabView(root);
    // A chapter's lab wakes when the reader comes to it.
    if (root.closest(".article")) {
      root.hidden = false;
      new IntersectionObserver((entries, observer) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        start();
      }).observe(root);
    } else start();
  }
});

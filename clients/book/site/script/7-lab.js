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

  // choose shows which chapters the servers are of.
  choose([first, second = ""]) {
    const start = this.find(".labstart");
    start.second.value = String(second);
    if (this.chapter === first) return;
    start.first.value = String(first);
    this.offer();
  }

  // offer shows the experiments of the chapter.
  offer() {
    const chapter = this.bench.chapters.find(({ number }) => number === this.chapter);
    this.find(".labexperiments").replaceChildren(...(chapter.experiments ?? []).map((e) => this.experiment(e)));
  }

  experiment({ id, title, question, watch, options, notice, ends }) {
    const guess = options
      ? made("select", { name: "guess", required: true }, new Option("your guess", ""), ...options.map((o) => new Option(o, o)))
      : made("input", { name: "guess", type: "number", min: 0, required: true, placeholder: "your guess" });
    guess.setAttribute("aria-label", "Your guess");
    guess.value = book.kept(`guess ${id}`);
    const form = made("form", { className: "experiment" },
      made("h3", { textContent: title }), made("p", { textContent: question }), made("p", { className: "watch", textContent: `Look at: ${watch[0].toLowerCase()}${watch.slice(1)}` }), guess,
      made("button", { className: "tool", textContent: "Play" }), made("p", { className: "outcome" }));
    const look = made("button", { type: "button", className: "tool look", hidden: true, textContent: this.driver.looks });
    if (!ends) form.append(look);
    look.addEventListener("click", () => {
      if (this.busy) return;
      this.plays(id);
      this.driver.look(id);
    });
    form.dataset.id = id;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.busy) return;
      book.keep(`guess ${id}`, guess.value);
      this.guesses.set(id, { guess: guess.value, notice });
      set(form.querySelector(".outcome"), "");
      this.plays(id);
      this.driver.play(id);
    });
    return form;
  }

  // plays takes note of what will be played. What has been played before is not its outcome.
  plays(id) {
    this.playing = id;
    this.played = this.driver.player.tape;
    for (const side of this.scene?.sides ?? []) side.outcome = "";
  }

  reset(scene) {
    this.scene = scene;
    for (const lanes of this.panels) lanes.clear();
    const sides = this.find(".labsides");
    if (this.panels.length !== scene.sides.length) {
      this.panels = scene.sides.map(() => new SidePanel());
      sides.replaceChildren(...this.panels.map((panel) => panel.root));
    }
  }

  // ask asks the reader something, in the page, and returns whether he says yes.
  ask(text, yes, no) {
    this.answer?.(false);
    const ask = this.find(".labask"), [first, second] = ask.querySelectorAll("button");
    set(ask.querySelector("span"), text);
    set(first, yes);
    set(second, no);
    ask.hidden = false;
    return new Promise((done) => {
      this.answer = (said) => {
        ask.hidden = true;
        done(said);
      };
      first.onclick = () => this.answer(true);
      second.onclick = () => this.answer(false);
    });
  }

  say(text) {
    const word = this.find(".labword");
    if (word.textContent !== text) word.textContent = text;
  }

  // draw shows the scene as it is at a time. Sample is what the servers cost then.
  draw(now, sample) {
    const first = Math.max(0, Math.min(now, ...this.scene.clients.map(({ opened }) => opened)) - 200);
    const [from, to] = this.window(first, now);
    this.scene.sides.forEach((side, i) => this.panels[i].draw(side, now, from, to, sample?.sides[i]));
    this.say(this.driver?.word ?? this.scene.word);
    this.busy = this.scene.builds;
    if (this.root.getAttribute("aria-busy") !== String(this.busy)) this.wait();
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

  // wait marks the buttons that do nothing while a server is built. They keep the focus.
  wait() {
    this.root.setAttribute("aria-busy", String(this.busy));
    for (const button of this.root.querySelectorAll("button:not(.stop)")) {
      if (this.busy) button.setAttribute("aria-disabled", "true");
      else button.removeAttribute("aria-disabled");
    }
  }

  // compare puts the reader's guess beside the outcome.
  compare() {
    const told = this.guesses.get(this.playing);
    const { outcomes } = this.scene;
    const where = this.find(`.experiment[data-id="${this.playing}"] .outcome`);
    if (!told || !where || this.played && this.played === this.driver?.player.tape) return;
    const text = outcomes ? `Your guess: ${told.guess}. The outcome in ${outcomes}. ${told.notice}` : "";
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

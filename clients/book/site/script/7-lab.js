// The lab: servers at work, live or recorded.

book.recordings = {}; // by experiment: each is a script of its own

// recording loads what has happened when an experiment was played.
book.recording = async ({ id, recording }) => {
  if (book.recordings[id]) return book.recordings[id];
  if (!recording) throw new Error("There is no recording of this experiment.");
  await load(recording).catch(() => { throw new Error("The recording can’t be loaded."); });
  return book.recordings[id];
};

const origin = ({ made: when, machine }) => `made on ${when} on ${machine}`;

// tape is a recording as a player takes it.
const tape = (chapter, { events, samples }) => ({ chapters: [chapter], events, samples, length: events.at(-1).t / 1000 + 500, recorded: true });

// A lab's view is the lab, or the card of one experiment.
class LabView {
  constructor(root) {
    this.root = root;
    this.bench = JSON.parse(root.dataset.bench);
    this.card = root.matches(".card");
    this.find = (selector) => root.querySelector(selector);
    this.scene = new Scene([]);
    this.guesses = new Map();
    this.panels = [];
    this.still = matchMedia("(prefers-reduced-motion: reduce)");
    this.zoom = this.find(".labzoom");
    this.zoom.addEventListener("submit", (event) => event.preventDefault());
    this.zoom.shows.addEventListener("change", () => this.lookAtLast());
    if (!this.card) this.choices();
    this.driver = this.bench.live ? new LiveLab(this) : new Playback(this);
    root.hidden = false;
    this.draw(0);
    this.offer();
  }

  // choices are the chapters to choose from.
  choices() {
    const start = this.find(".labstart");
    for (const { number, title } of this.bench.chapters) {
      for (const select of [start.first, start.second]) select.append(new Option(`${number} ${title}`, number));
    }
    start.first.value = String(this.bench.chapter || this.bench.chapters[0].number);
    start.first.addEventListener("change", () => this.offer());
  }

  get chapter() {
    return this.card ? this.bench.chapter : Number(this.find(".labstart").first.value);
  }

  // chapters are those whose servers are to be started.
  get chapters() {
    return this.card ? [this.chapter] : [this.chapter, Number(this.find(".labstart").second.value)].filter(Boolean);
  }

  // choose shows which chapters the servers are of.
  choose([first, second = ""]) {
    if (this.card) return;
    const start = this.find(".labstart");
    start.second.value = String(second);
    if (this.chapter === first) return;
    start.first.value = String(first);
    this.offer();
  }

  // offer shows the experiments of the chapter, and what has been recorded of the first.
  offer() {
    const { experiments = [] } = this.bench.chapters.find(({ number }) => number === this.chapter);
    this.find(".labexperiments").replaceChildren(...experiments.map((e) => this.experiment(e)));
    if (experiments.length) this.preview(experiments[0]);
  }

  // preview shows what has been recorded of an experiment, as long as the reader has played nothing. On a
  // card, it would tell him what he is asked.
  preview(experiment) {
    if (this.card || !experiment.recording || this.scene.sides.length && !this.previews) return;
    this.chosen = experiment.id;
    const show = (recording) => {
      if (this.chosen !== experiment.id || this.scene.sides.length && !this.previews) return;
      this.driver.player.load({ ...tape(this.chapter, recording), preview: true }, `“${experiment.title}” as it was recorded, ${origin(recording)}: not a run of yours. Guess, and play it.`, false);
    };
    if (book.recordings[experiment.id]) show(book.recordings[experiment.id]); // at once: nothing moves
    else book.recording(experiment).then(show, () => {});
  }

  get previews() {
    return this.driver?.player.tape?.preview === true;
  }

  experiment(experiment) {
    const { id, title, question, watch, options, draws, nolook, factor } = experiment;
    const guess = options
      ? made("select", { name: "guess", required: true }, new Option("your guess", ""), ...options.map((o) => new Option(o, o)))
      : made("input", { name: "guess", type: "number", min: 0, step: factor ? "any" : 1, required: true, placeholder: "your guess" });
    guess.setAttribute("aria-label", "Your guess");
    guess.value = book.kept(`guess ${id}`);
    const form = made("form", { className: "experiment" },
      made("h3", { textContent: title }), made("p", { textContent: question }), guess,
      made("button", { className: "tool", textContent: "Play" }), made("p", { className: "watch", textContent: `Where to look. ${watch}` }),
      made("p", { className: "outcome" }));
    if (draws) {
      form.drawing = new Drawing(id, guess);
      guess.before(form.drawing.root);
    }
    const look = push(this.driver.looks, () => this.plays(experiment, form) && this.driver.look(experiment));
    look.className = "tool look";
    look.hidden = true;
    if (!nolook) form.append(look);
    form.dataset.id = id;
    form.addEventListener("focusin", () => this.preview(experiment));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (this.busy) return;
      book.keep(`guess ${id}`, guess.value);
      this.guesses.set(id, { experiment, guess: guess.value });
      form.querySelector(".outcome").replaceChildren();
      if (this.plays(experiment, form)) this.driver.play(experiment);
    });
    return form;
  }

  // plays takes note of what will be played, if anything can be now. What has been played before is not its
  // outcome. A card with several experiments shows it below the one that it is of.
  plays({ id }, form) {
    if (this.busy) return false;
    if (this.card) form.after(this.find(".labask"), this.find(".labword"), this.find(".labshow"));
    this.playing = id;
    this.chosen = undefined; // what is still on its way is not shown any more
    this.played = this.driver.player.tape;
    this.find(".labshow").hidden = false;
    this.scene.forget();
    return true;
  }

  reset(scene) {
    this.scene = scene;
    for (const lanes of this.panels) lanes.clear();
    if (this.panels.length === scene.sides.length) return;
    this.panels = scene.sides.map(() => new SidePanel());
    this.find(".labsides").replaceChildren(...this.panels.map((panel) => panel.root));
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
    set(this.find(".labword"), text);
  }

  // draw shows the scene as it is at a time. Sample is what the servers cost then.
  draw(now, sample) {
    const first = Math.max(0, Math.min(now, ...this.scene.clients.map(({ opened }) => opened)) - 200);
    const [from, to] = this.window(first, now);
    this.scene.sides.forEach((side, i) => this.panels[i].draw(side, now, from, to, sample?.sides[i], this.scene.recorded));
    this.say(this.driver?.word ?? (this.previews ? "" : this.scene.word));
    this.root.classList.toggle("preview", this.previews);
    this.busy = this.scene.builds;
    if (this.root.ariaBusy !== String(this.busy)) this.wait();
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
    const over = this.driver?.player.over === true;
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
    this.root.ariaBusy = String(this.busy);
    for (const button of this.root.querySelectorAll("button:not(.stop)")) button.ariaDisabled = this.busy ? "true" : null;
  }

  // compare holds the reader's guess against the outcome.
  compare() {
    const told = this.guesses.get(this.playing);
    const { outcomes, sides } = this.scene;
    const form = this.find(`.experiment[data-id="${this.playing}"]`);
    if (!told || !form || this.played && this.played === this.driver?.player.tape) return;
    const { experiment, guess } = told, [mark, word] = outcomes ? verdict(guess, sides[0].outcome, experiment.factor) : ["", ""];
    const text = outcomes ? ` Your guess: ${guess}. The outcome in ${outcomes}. ${experiment.notice}` : "";
    const where = form.querySelector(".outcome");
    if (where.textContent === word + text) return;
    where.replaceChildren(made("b", { className: mark, textContent: word }), text);
    form.drawing?.lay(outcomes && sides[0]);
    const look = form.querySelector(".look");
    if (look) look.hidden = !text;
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

// verdict says whether a guess was right. A time need only be near: no two runs take the same.
function verdict(guess, outcome, factor = 2) {
  const [, time] = outcome.match(/^([\d.]+) ms\b/) ?? [];
  if (time === undefined) return guess === outcome ? ["right", "✓ Right."] : ["wrong", "Not so."];
  const least = 1 / factor, times = Math.max(Number(guess), least) / Math.max(Number(time), least);
  return times <= factor && times >= least ? ["right", `✓ Right, within a factor of ${factor === 2 ? "two" : "ten"}.`] : ["wrong", "Not so."];
}

book.ready(() => {
  for (const root of document.querySelectorAll(".bench")) {
    const start = () => new LabView(root);
    // A chapter's lab wakes before the reader comes to it.
    if (root.closest(".article") && !root.matches(".card")) {
      root.hidden = false;
      new IntersectionObserver((entries, observer) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        start();
      }, { rootMargin: "600px" }).observe(root);
    } else start();
  }
});

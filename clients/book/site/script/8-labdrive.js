// What drives a lab's scene: the book's servers, or a recording of them.

class LiveLab {
  constructor(view) {
    this.view = view;
    this.offset = 0; // what the browser's clock is ahead of the session's
    this.number = 0;
    this.looks = "Play once more, with a look inside";
    const start = view.find(".labstart");
    start.addEventListener("submit", (event) => {
      event.preventDefault();
      this.start();
    });
    start.querySelector(".stop").addEventListener("click", () => this.post("stop"));
    this.buttons();
    const send = view.find(".labsend");
    send.addEventListener("submit", (event) => {
      event.preventDefault();
      this.speak("send", send.text.value);
    });
    send.querySelector(".leave").addEventListener("click", () => this.speak("leave"));
    this.listen();
    // A browser may keep a page that the reader has left, with its connection.
    addEventListener("pagehide", () => this.source.close());
    addEventListener("pageshow", (event) => event.persisted && this.listen());
    const draw = () => {
      if (!document.hidden) this.draw();
      setTimeout(() => requestAnimationFrame(draw), view.still.matches ? 500 : 60);
    };
    draw();
  }

  listen() {
    const source = this.source = new EventSource("/lab/events");
    const on = (name, take) => source.addEventListener(name, (message) => take(JSON.parse(message.data)));
    on("session", ({ number = 0, chapters = [], from = 0 }) => {
      if (number !== 0 && number === this.number && from > 0) return; // it goes on
      this.number = number;
      this.sample = undefined;
      if (number === 0) return this.view.stopped();
      this.view.reset(new Scene(chapters));
      this.view.choose(chapters);
    });
    on("events", (events) => {
      for (const event of events) this.view.scene.apply(event);
      this.ready?.();
    });
    on("sample", (sample) => {
      this.sample = sample;
      this.offset = performance.now() - sample.t / 1000;
    });
    source.addEventListener("error", () => {
      this.view.say(source.readyState === EventSource.CLOSED
        ? "The lab is locked: open the book with the link that it has printed in the terminal."
        : "The book has closed, or the connection is gone. The lab tries again.");
    });
    source.addEventListener("open", () => this.view.say(""));
  }

  get over() {
    return this.view.scene.rest !== undefined;
  }

  // now is the session's time. When its servers have ended, time stands still.
  now() {
    const { scene } = this.view;
    if (scene.rest) return scene.rest;
    if (!scene.sides.some((side) => side.runs) || !this.sample) return scene.last;
    return Math.max(scene.last, performance.now() - this.offset);
  }

  draw() {
    this.view.draw(this.now(), this.sample);
    const select = this.view.find(".labsend").client;
    const open = this.view.scene.sides.flatMap((side, i) => [...side.clients.values()]
      .filter((v) => v.ended === undefined && side.runs).map((v) => [`${i} ${v.number}`, `${v.name}${this.view.scene.sides.length > 1 ? `, chapter ${side.chapter}` : ""}`]));
    const key = JSON.stringify(open);
    if (select.dataset.open === key) return;
    select.dataset.open = key;
    const { value } = select;
    select.replaceChildren(...open.map(([value, label]) => new Option(label, value)));
    if (open.some(([other]) => other === value)) select.value = value;
  }

  // post returns what the book answers, or nothing if it refuses.
  async post(path, body = {}) {
    try {
      const response = await fetch(`/lab/${path}`, { method: "POST", body: JSON.stringify(body) });
      const text = await response.text();
      if (response.ok) return text;
      this.view.say(text);
    } catch {
      this.view.say("The book does not answer: has it been closed?");
    }
  }

  // start starts the servers that are chosen, and waits until they listen.
  async start(how = "start") {
    const { first, second } = this.view.find(".labstart");
    const number = Number(await this.post(how, [first.value, second.value].filter(Boolean).map(Number)));
    if (!number) return false;
    return new Promise((done) => {
      this.ready = () => {
        if (this.number === number && this.view.scene.sides.every((side) => side.runs)) done(true);
      };
      this.ready();
    });
  }

  async play(id) {
    const { scene, chapter } = this.view;
    const fresh = scene.sides[0]?.chapter === chapter && scene.sides.every((side) => side.runs && side.clients.size === 0);
    if (fresh || await this.start()) await this.post("do", { do: "play", text: id });
  }

  // look plays an experiment with servers that have a tracer in them. Without being asked, none has:
  // it would be in the figures.
  async look(id) {
    this.view.playing = id;
    if (await this.start("traced")) await this.post("do", { do: "play", text: id });
  }

  buttons() {
    const keys = new Map();
    const actions = this.view.find(".labactions");
    const rate = actions.querySelector("input");
    for (const { name, key, title } of this.view.bench.actions) {
      const button = made("button", { type: "button", className: "tool" }, `${title} `, made("kbd", { textContent: key }));
      button.setAttribute("aria-keyshortcuts", key);
      button.dataset.action = name;
      button.addEventListener("click", () => this.post("do", { do: name, rate: Number(rate.value) }));
      keys.set(key, button);
      actions.insertBefore(button, rate.parentElement);
    }
    this.view.root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select")) return;
      keys.get(event.key)?.click();
    });
  }

  speak(what, text = "") {
    const [side, client] = this.view.find(".labsend").client.value.split(" ").map(Number);
    if (client) this.post("do", { do: what, side, client, text });
    else this.view.say("There is no client to speak through: let one come first.");
  }
}

// A playback plays what has happened when the book was made.
class Playback {
  constructor(view) {
    this.view = view;
    this.looks = "Look inside";
    for (const live of [".labactions", ".labsend", ".labstart .stop", ".labstart [type=submit]"]) view.find(live).hidden = true;
    view.find(".labstart").second.closest("label").hidden = true;
    view.say("This is a recording. Run the book on your machine to have the servers themselves.");
    this.controls = view.find(".labplay");
    this.controls.at.addEventListener("input", () => this.seek(Number(this.controls.at.value)));
    this.controls.querySelector(".pause").addEventListener("click", () => this.run(!this.running));
  }

  play(id) {
    const chapter = this.view.chapter;
    const load = () => this.begin(book.recordings[chapter], id);
    if (book.recordings[chapter]) return load();
    const { recording } = this.view.bench.chapters.find(({ number }) => number === chapter);
    if (!recording) return this.view.say("There is no recording of this chapter.");
    const script = made("script", { src: recording });
    script.addEventListener("load", load);
    script.addEventListener("error", () => this.view.say("The recording can't be loaded."));
    document.head.append(script);
  }

  // look shows what was inside when the experiment was over.
  look(id) {
    this.looking = true;
    if (this.tape?.id !== id) return this.play(id);
    this.run(false);
    this.seek(0);
    this.seek(this.length);
  }

  get over() {
    return this.tape !== undefined && this.at >= this.length;
  }

  begin({ made: when, machine, runs }, id) {
    this.looking &&= this.tape?.id === id;
    this.tape = runs.find((run) => run.id === id);
    this.view.find(".labtable").hidden = false;
    set(this.controls.querySelector(".source"), `A recording of chapter ${this.view.chapter}, made on ${when} on ${machine}.`);
    this.length = this.tape.events.at(-1).t / 1000 + 500;
    this.controls.hidden = false;
    this.controls.at.max = String(Math.round(this.length));
    this.seek(0);
    this.run(!this.view.still.matches);
    if (this.view.still.matches) this.seek(this.length);
  }

  run(on) {
    this.running = on;
    this.controls.querySelector(".pause").textContent = on ? "Pause" : "Play";
    if (on && this.at >= this.length) this.seek(0);
    let before = performance.now();
    const tape = this.tape;
    const step = (now) => {
      if (!this.running || this.tape !== tape) return;
      this.seek(this.at + (now - before) * Number(this.controls.speed.value));
      before = now;
      if (this.at >= this.length) this.run(false);
      else requestAnimationFrame(step);
    };
    if (on) requestAnimationFrame(step);
  }

  // seek goes to a time. Backwards, everything happens again up to there.
  seek(to) {
    if (this.at === undefined || to < this.at || this.next === undefined || to === 0) {
      this.view.reset(new Scene([this.view.chapter]));
      this.next = 0;
    }
    this.at = Math.min(to, this.length);
    const { events, samples } = this.tape;
    for (; this.next < events.length && events[this.next].t / 1000 <= this.at; this.next++) {
      if (events[this.next].k !== "inside" || this.looking) this.view.scene.apply(events[this.next]);
    }
    this.controls.at.value = String(Math.round(this.at));
    const sample = samples.findLast(({ t }) => t / 1000 <= this.at);
    this.view.draw(this.at, sample);
  }
}

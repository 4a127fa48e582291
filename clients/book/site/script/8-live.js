// The lab's driver for the book's own servers.

class LiveLab {
  constructor(view) {
    this.view = view;
    this.looks = "Play once more, with a look inside";
    this.ahead = 0; // what the browser's clock is ahead of the session's
    this.number = 0; // of the session that is shown
    this.events = []; // of that session
    this.old = 0; // how many of them are from before the reader asked
    this.player = new Player(view);
    whileSeen(() => this.source?.close(), () => this.source?.readyState === EventSource.CLOSED && this.number && !this.rests && this.listen());
    if (view.card) return;
    this.forms();
    this.run();
    this.meet();
  }

  // forms are those that a card has not.
  forms() {
    const { view } = this, start = view.find(".labstart"), send = view.find(".labsend");
    start.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!view.busy) this.start();
    });
    start.querySelector(".stop").addEventListener("click", () => this.number && this.post("stop"));
    this.buttons();
    send.addEventListener("submit", (event) => {
      event.preventDefault();
      this.speak("send", send.text.value);
    });
    send.querySelector(".leave").addEventListener("click", () => this.speak("leave"));
  }

  // run draws again and again, from when there is something to be seen.
  run() {
    if (this.drawing) return;
    this.drawing = true;
    const draw = () => {
      if (!document.hidden) this.draw();
      setTimeout(() => requestAnimationFrame(draw), this.view.still.matches ? 500 : 60);
    };
    draw();
  }

  // meet shows the session that there is, if this tab has begun it. If not, the reader may want to see it.
  async meet() {
    const session = await this.session();
    if (!session?.number) return;
    const { chapter } = this.view.bench, mine = book.tab() === String(session.number);
    if (mine && (!chapter || session.chapters.includes(chapter))) return this.listen();
    const whose = `${session.chapters.length > 1 ? "The servers of chapters" : "The server of chapter"} ${session.chapters.join(" and ")}`;
    const runs = session.chapters.length > 1 ? "run" : "runs";
    if (await this.view.ask(`${whose} ${runs}, started on another page. Yours can start in place of it.`, "Show it", "Leave it")) this.listen();
  }

  async session() {
    try {
      const response = await fetch("/lab/session");
      if (response.ok) return await response.json();
      this.lock = await response.text();
    } catch { /* post says so when it matters */ }
  }

  listen() {
    this.run();
    this.source?.close();
    const source = this.source = new EventSource("/lab/events");
    const on = (name, take) => source.addEventListener(name, (message) => take(JSON.parse(message.data)));
    on("session", (session) => this.begin(session));
    on("events", (events) => {
      for (const event of events) this.take(event);
      this.ready?.();
    });
    on("sample", (sample) => {
      if (this.samples.length === 0 || sample.t - this.samples.at(-1).t > 400_000) this.samples.push(sample);
      this.sample = sample;
      this.ahead = performance.now() - sample.t / 1000;
    });
    source.addEventListener("error", () => {
      if (source.readyState === EventSource.CLOSED) this.lock = true;
      this.gone = this.gone ?? this.now();
    });
    source.addEventListener("open", () => {
      this.gone = undefined;
    });
  }

  begin({ number = 0, chapters = [], from = 0 }) {
    if (number !== 0 && number === this.number && from > 0) return; // it goes on
    const others = this.number && number !== this.number && !book.starting && book.tab() !== String(number);
    if (number === 0 || others) return this.end(others && chapters);
    this.player.drop();
    Object.assign(this, { number, chapters, events: [], old: 0, samples: [], sample: undefined, ahead: performance.now() });
    this.view.reset(new Scene(chapters));
    this.view.choose(chapters);
    this.draw();
  }

  // end is for servers that have been stopped, or have made way for those of another page.
  end(others) {
    this.number = 0;
    this.source.close();
    if (!this.player.tape && this.events.length) this.keep(this.view.scene.last + 300);
    if (this.player.tape) this.player.tape.stopped = true;
    this.view.scene.stop();
    if (others) this.view.scene.word = `Another page has started a server, of chapter ${others.join(" and of chapter ")}. This one has been stopped.`;
  }

  // keep makes a tape of what has happened so far.
  keep(length) {
    const { chapters, events, samples } = this;
    this.player.load({ chapters, events, samples, length }, "", false);
  }

  // take takes an event. When everything is over, the reader has a tape of it.
  take(event) {
    if (this.player.tape) {
      this.player.drop();
      this.view.reset(new Scene(this.chapters));
      for (const before of this.events.slice(0, this.old)) this.view.scene.apply(before);
      this.view.scene.forget();
      for (const before of this.events.slice(this.old)) this.view.scene.apply(before);
    }
    this.events.push(event);
    const { scene } = this.view;
    scene.apply(event);
    if (scene.rest === undefined) return;
    this.keep(scene.rest);
    if (this.rests) this.source.close();
  }

  // rests reports whether a card has shown what it had to show. It leaves the server alone, then.
  get rests() {
    return this.view.card && this.player.tape !== undefined;
  }

  get word() {
    if (this.lock) return "The lab is locked: open the book with the link that it has printed in the terminal.";
    if (this.gone !== undefined) return "The book has closed, or the connection to it is gone. This is what was seen until then.";
  }

  // now is the session's time. Where there is nothing new to be seen, time stands still.
  now() {
    const { scene } = this.view;
    if (this.gone !== undefined) return this.gone;
    if (this.player.tape) return this.player.at;
    if (scene.builds) return performance.now() - this.ahead;
    if (!scene.sides.some((side) => side.runs) || !this.sample) return scene.last;
    return Math.max(scene.last, performance.now() - this.ahead);
  }

  draw() {
    this.view.draw(this.now(), this.player.sample() ?? this.sample);
    this.view.root.classList.toggle("gone", this.gone !== undefined);
    if (!this.view.card) this.speakers();
  }

  // speakers are the clients through which the reader can speak.
  speakers() {
    const select = this.view.find(".labsend").client;
    const open = !this.number ? [] : this.view.scene.sides.flatMap((side, i) => [...side.clients.values()]
      .filter((v) => v.ended === undefined && side.runs).map((v) => [`${i} ${v.number}`, `${v.name}${this.view.scene.sides.length > 1 ? `, chapter ${side.chapter}` : ""}`]));
    const key = JSON.stringify(open);
    if (select.dataset.open === key) return;
    select.dataset.open = key;
    const { value } = select;
    select.replaceChildren(...open.map(([value, label]) => new Option(label, value)));
    if (open.some(([other]) => other === value)) select.value = value;
  }

  // post returns what the book answers, or nothing if it refuses. What to do about a refusal may depend
  // on its status.
  async post(path, body = {}, refused = {}) {
    if (path === "do" && !this.number) {
      this.view.scene.word = "No server of this page runs: start one.";
      return;
    }
    try {
      const response = await fetch(`/lab/${path}`, { method: "POST", body: JSON.stringify(body) });
      const text = await response.text();
      if (response.ok) return text;
      if (refused[response.status]) return await refused[response.status]();
      if (response.status !== 403) this.view.scene.word = text;
      else this.lock = text;
    } catch {
      this.view.scene.word = "The book does not answer: has it been closed?";
    }
  }

  // start starts the servers that are chosen, and waits until they listen. Those of another page it
  // ends only if the reader says so.
  async start(choice = {}, instead = Number(book.tab()) || this.number) {
    if (book.starting) return false;
    book.starting = true;
    this.run();
    const number = await this.post("start", { ...choice, chapters: this.view.chapters, instead }, { 409: async () => {
      book.starting = false;
      const other = await this.session();
      if (!other?.number || String(other.number) === book.tab()) return this.start(choice, other?.number ?? 0);
      const whose = `chapter ${other.chapters.join(" and of chapter ")}`;
      if (await this.view.ask(`On another page, the server of ${whose} runs. It ends if yours starts.`, "Start mine", "Leave it")) return this.start(choice, other.number);
    } });
    book.starting = false;
    if (!Number(number)) return number === true; // started by the call inside of this one
    book.tab(number);
    if (this.source?.readyState !== EventSource.OPEN) this.listen();
    return new Promise((done) => {
      this.ready = () => {
        if (this.number === Number(number) && this.view.scene.sides.every((side) => side.runs)) done(true);
      };
      this.ready();
    });
  }

  // play plays an experiment, to a server to which nobody has spoken yet.
  async play({ id, own }) {
    this.old = this.events.length;
    const { scene, chapter } = this.view;
    const fresh = this.number && !own && scene.sides[0]?.chapter === chapter && scene.sides.every((side) => side.runs && side.clients.size === 0);
    if (fresh || await this.start(own ? { for: id } : {})) await this.post("do", { do: "play", text: id });
  }

  // look plays an experiment with servers that have a tracer in them. Without being asked, none has:
  // it would be in the figures.
  async look({ id }) {
    this.old = this.events.length;
    if (await this.start({ traced: true })) await this.post("do", { do: "play", text: id });
  }

  buttons() {
    const keys = new Map();
    const rate = made("input", { name: "rate", type: "number", min: 1, max: 500, value: 200 });
    const groups = Map.groupBy(this.view.bench.actions, ({ group }) => group);
    this.view.find(".labactions").append(...[...groups].map(([name, actions]) => made("fieldset", { className: "labgroup" },
      made("legend", { textContent: name }), ...actions.map((action) => this.button(action, keys, rate)))));
    keys.get("e").after(made("label", {}, "a second ", rate));
    this.view.root.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input, select")) return;
      keys.get(event.key)?.click();
    });
  }

  button({ name, key, title }, keys, rate) {
    const button = made("button", { type: "button", className: "tool" }, `${title} `, made("kbd", { textContent: key }));
    button.setAttribute("aria-keyshortcuts", key);
    button.dataset.action = name;
    button.addEventListener("click", () => this.view.busy || this.post("do", { do: name, rate: Number(rate.value) }));
    keys.set(key, button);
    return button;
  }

  speak(what, text = "") {
    const [side, client] = this.view.find(".labsend").client.value.split(" ").map(Number);
    if (client) this.post("do", { do: what, side, client, text });
    else this.view.scene.word = "There is no client to speak through: let one come first.";
  }
}


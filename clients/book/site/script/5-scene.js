// What has happened to the clients of a server, made of events. It does not matter whether
// they come from a server that runs now or from a recording. Times are in milliseconds.

class Scene {
  constructor(chapters, recorded = false) {
    this.recorded = recorded;
    this.sides = chapters.map((chapter) => ({ chapter, state: "is being built", builds: true, clients: new Map(), log: [], outcome: "" }));
    this.last = 0; // the time of the last event
    this.word = chapters.length ? `The ${chapters.length > 1 ? "servers are" : "server is"} being built.` : "";
    this.rest = undefined; // when everything was over that an experiment had to show
  }

  apply(event) {
    const side = this.sides[event.s ?? 0];
    const at = event.t / 1000;
    this.last = Math.max(this.last, at);
    if (!event.c) return this.tell(side, event);
    if (this.rest !== undefined && (event.k === "opened" || event.k === "sent")) {
      this.rest = undefined;
      this.word = "";
    }
    if (event.k === "opened") {
      side.clients.set(event.c, new Visitor(event.c, event.b, at));
    }
    side.clients.get(event.c)?.take(event, at);
  }

  // tell is for what concerns a server, or the session.
  tell(side, { k: kind, b: text = "", sheet }) {
    const chapter = `chapter ${side.chapter}`;
    switch (kind) {
      case "started":
        side.state = `listens on ${text}`;
        side.runs = true;
        side.builds = false;
        this.word = this.builds ? this.word : "";
        break;
      case "ended":
        side.state = `has ended: ${text}`;
        side.runs = false;
        this.word = `The server of ${chapter} has ended: ${text}.`;
        break;
      case "problem":
        if (side.builds) side.state = "does not run";
        side.builds = false;
        this.word = `${chapter[0].toUpperCase()}${chapter.slice(1)}: ${text}.`;
        break;
      case "logged":
        side.log.push(text);
        side.log.splice(0, side.log.length - 40);
        break;
      case "step":
        this.word = `${text}.`;
        break;
      case "inside":
        side.inside = sheet ?? { missing: text };
        break;
      case "done":
        side.outcome = text;
        if (this.sides.some(({ outcome }) => !outcome)) return;
        this.rest = this.last + 300;
        this.word = `That was all. The outcome in ${this.outcomes}.`;
    }
  }

  // forget is for when the reader asks anew: what came before is no outcome of that.
  forget() {
    for (const side of this.sides) side.outcome = "";
    this.rest = undefined;
  }

  get outcomes() {
    return this.sides.filter(({ outcome }) => outcome).map(({ chapter, outcome }) => `chapter ${chapter}: ${outcome}`).join("; in ");
  }

  get builds() {
    return this.sides.some(({ builds }) => builds);
  }

  // stop is for servers that have been stopped, which nobody tells a page of.
  stop() {
    for (const side of this.sides) Object.assign(side, { runs: false, builds: false, state: "has been stopped" });
    if (!this.outcomes) this.word = this.sides.length ? "Nothing runs any more." : "";
  }

  get clients() {
    return this.sides.flatMap((side) => [...side.clients.values()]);
  }
}

// A visitor is a client as its lane shows it.
class Visitor {
  constructor(number, name, at) {
    Object.assign(this, { number, name, opened: at, spans: [], marks: [], bytes: [], state: "" });
  }

  take({ k: kind, n: bytes = 0, b: text = "", m: middle, p: parser }, at) {
    switch (kind) {
      case "opened":
        this.begin("wait", at);
        this.state = "waits for *";
        return;
      case "greeted":
        this.greeted = at;
        this.stop(at);
        this.state = "idle";
        if (this.asked !== undefined) this.work(at);
        break;
      case "sent":
        this.sent = text;
        if (bytes === 1) this.bytes.push({ text, parser, reply: "" });
        if (this.asked === undefined) {
          this.asked = at;
          if (this.greeted !== undefined) this.work(at);
        }
        break;
      case "answered":
        if (bytes > 0 && this.bytes.length) this.bytes.at(-1).reply += text;
        if (bytes > 0) Object.assign(this, { reply: text, took: at - this.asked });
        if (this.greeted !== undefined) this.stop(at);
        this.asked = undefined;
        if (middle) this.state = "in the middle of a request";
        else if (bytes > 0 || this.reply !== undefined) this.state = "answered";
        else if (this.greeted !== undefined) this.state = "idle";
        if (bytes === 0) return;
        break;
      case "blocked":
        this.state = "can send no more";
        break;
      case "left":
        this.end(at, text === "reset" ? "has reset the connection" : "has hung up");
        break;
      case "closed":
        this.end(at, this.owes("the server has hung up"));
        break;
      case "broken":
        this.end(at, this.owes(`cut off: ${text}`));
    }
    this.marks.push({ at, kind, bytes, text });
    if (this.marks.length > 40) this.marks.splice(20, 1);
  }

  work(at) {
    this.begin("work", at);
    this.state = "waits for the reply";
  }

  begin(kind, from) {
    this.stop(from);
    this.spans.push({ kind, from });
  }

  stop(at) {
    const span = this.spans.at(-1);
    if (span && span.to === undefined) span.to = at;
  }

  // owes adds that a reply was due, and can't come any more.
  owes(state) {
    this.lost = this.asked !== undefined;
    return this.lost ? `${state}, and owes a reply` : state;
  }

  end(at, state) {
    this.stop(at);
    this.ended = at;
    this.asked = undefined;
    this.state = state;
  }

  // story is the lane in words.
  story() {
    const words = { greeted: "is greeted", sent: "sends", part: "gets", answered: "gets", blocked: "can send no more",
      half: "will send no more", left: "hangs up", closed: "the server hangs up", broken: "is cut off" };
    const parts = this.marks.map(({ at, kind, bytes, text }) =>
      `${seconds(at)} ${words[kind]}${kind !== "greeted" && text ? " " + text : ""}${bytes > text.length ? ` (${bytes} bytes)` : ""}`);
    return `${this.name} connects at ${[seconds(this.opened), ...parts].join("; ")}. Now: ${this.state}.`;
  }
}

function seconds(ms) {
  return `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

function duration(ms) {
  if (ms < 10) return `${ms.toFixed(1)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : seconds(ms);
}

// A player shows what has happened, at any time of it: of a recording, or of a run that is over.

class Player {
  constructor(view) {
    this.view = view;
    this.controls = view.find(".labplay");
    this.controls.addEventListener("submit", (event) => event.preventDefault());
    this.controls.at.addEventListener("input", () => {
      this.run(false);
      this.seek(Number(this.controls.at.value));
    });
    this.controls.querySelector(".pause").addEventListener("click", () => this.run(!this.running));
    addEventListener("resize", () => this.tape && view.draw(this.at, this.sample()));
  }

  // load takes a tape: the events and samples of some chapters. It begins, or is there at its end.
  load(tape, source, begins) {
    Object.assign(this, { tape, next: undefined, at: 0 });
    this.controls.hidden = false;
    this.controls.at.max = String(Math.ceil(tape.length));
    set(this.controls.querySelector(".source"), source);
    this.running = false;
    this.seek(begins ? 0 : tape.length);
    this.run(begins);
  }

  drop() {
    this.tape = undefined;
    this.controls.hidden = true;
  }

  run(on) {
    this.running = on;
    set(this.controls.querySelector(".pause"), on ? "Pause" : "Play");
    if (!on) return;
    if (this.at >= this.tape.length) this.seek(0);
    let before = performance.now();
    const { tape } = this;
    const step = (now) => {
      if (!this.running || this.tape !== tape) return;
      this.seek(this.at + (now - before) * Number(this.controls.speed.value));
      before = now;
      if (this.at >= tape.length) this.run(false);
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  // seek goes to a time. Backwards, everything happens again up to there.
  seek(to) {
    const { events, chapters, length, stopped, recorded } = this.tape;
    if (to < this.at || this.next === undefined) {
      this.view.reset(new Scene(chapters, recorded));
      this.next = 0;
    }
    this.at = Math.min(to, length);
    for (; this.next < events.length && (this.at >= length || events[this.next].t / 1000 <= this.at); this.next++) {
      this.view.scene.apply(events[this.next]);
    }
    if (stopped) this.view.scene.stop();
    this.controls.at.value = String(Math.round(this.at));
    this.view.draw(this.at, this.sample());
  }

  // over reports whether the tape has come to its end.
  get over() {
    return this.tape !== undefined && this.at >= this.tape.length;
  }

  // sample is what the servers cost at that time.
  sample() {
    return this.tape?.samples.findLast(({ t }) => t / 1000 <= this.at);
  }
}

// The lab's driver for what has happened when the book was made.

class Playback {
  constructor(view) {
    this.view = view;
    this.looks = "Look inside";
    this.word = "This is a recording. Run the book on your machine to have the servers themselves.";
    for (const live of [".labactions", ".labsend", ".labstart .stop", ".labstart [type=submit]"]) view.find(live).hidden = true;
    view.find(".labstart").second.closest("label").hidden = true;
    this.player = new Player(view);
  }

  play(id, looking = false) {
    const chapter = this.view.chapter;
    const load = () => this.begin(book.recordings[chapter], id, looking);
    if (book.recordings[chapter]) return load();
    const { recording } = this.view.bench.chapters.find(({ number }) => number === chapter);
    if (!recording) return this.say("There is no recording of this chapter.");
    const script = made("script", { src: recording });
    script.addEventListener("load", load);
    script.addEventListener("error", () => this.say("The recording can't be loaded."));
    document.head.append(script);
  }

  say(word) {
    this.word = word;
    this.view.say(word);
  }

  // look shows what was inside, when the experiment was over.
  look(id) {
    this.play(id, true);
  }

  get over() {
    return this.player.tape !== undefined && this.player.at >= this.player.tape.length;
  }

  begin({ made: when, machine, runs }, id, looking) {
    this.word = undefined;
    const { events, samples } = runs.find((run) => run.id === id), chapter = this.view.chapter;
    const tape = { chapters: [chapter], events, samples, length: events.at(-1).t / 1000 + 500, leaves: looking ? "" : "inside" };
    this.player.load(tape, `A recording of chapter ${chapter}, made on ${when} on ${machine}.`, !looking && !this.view.still.matches);
  }
}

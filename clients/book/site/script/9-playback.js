// The lab's driver for what has happened when the book was made.

class Playback {
  constructor(view) {
    this.view = view;
    this.looks = "Look inside";
    this.word = "These are recordings. Run the book on your machine to have the servers themselves.";
    this.player = new Player(view);
    if (view.card) return;
    for (const live of [".labactions", ".labsend", ".labstart .stop", ".labstart [type=submit]"]) view.find(live).hidden = true;
    view.find(".labstart").second.closest("label").hidden = true;
  }

  play(experiment) {
    return this.load(experiment, !this.view.still.matches);
  }

  // look shows what was inside, when the experiment was over.
  look(experiment) {
    return this.load(experiment, false, { id: `${experiment.id}-inside`, recording: experiment.inside });
  }

  async load(experiment, begins, inside) {
    const { chapter } = this.view;
    try {
      const recording = await book.recording(experiment);
      const seen = inside ? (await book.recording(inside)).events : [];
      const events = [...seen, ...recording.events].sort((a, b) => a.t - b.t);
      this.word = undefined;
      this.player.load(tape(chapter, { ...recording, events }), `A recording of chapter ${chapter}, ${origin(recording)}.`, begins);
    } catch (problem) {
      this.word = problem.message;
      this.view.say(this.word);
    }
  }
}

// The reader's desk: what the book knows of his copies. It is told as long as the page is seen, and only
// to a page that was opened with the link from the terminal.

// watched connects to a stream of events while the page is visible, and calls take with each message. Locked is
// called if the door stays shut, and gone when the book doesn't answer.
book.watched = (address, event, { take, locked = () => {}, gone = () => {} }) => {
  let source;
  const connect = () => {
    source = new EventSource(address);
    source.addEventListener(event, (message) => take(JSON.parse(message.data)));
    source.addEventListener("error", () => (source.readyState === EventSource.CLOSED ? locked : gone)());
  };
  whileSeen(() => source?.close(), () => (!source || source.readyState === EventSource.CLOSED) && connect());
  if (!document.hidden) connect();
};

book.ready(() => {
  const desk = document.querySelector(".desk[data-exercise]");
  if (desk) new Desk(desk);
  else if (document.querySelector(".exercises [data-exercise] .mark")) {
    book.watched("/desk/events", "progress", { take: showList });
  } else if (document.querySelector(".meta [data-chapter]")) {
    book.watched("/desk/events", "progress", { take: showWritten });
  }
});

// showWritten counts in a chapter's head what has been solved of it.
function showWritten({ solved, problem }) {
  const count = document.querySelector(".meta [data-chapter]");
  if (!problem) set(count, String(solved.filter((id) => id.startsWith(count.dataset.chapter + ".")).length));
}

// showList ticks in the list what has been solved.
function showList({ solved, begun, next, problem }) {
  if (problem) return set(document.querySelector(".nextup"), problem);
  const count = (root) => root.querySelectorAll(".solved").length;
  for (const item of document.querySelectorAll(".exercises [data-exercise]")) {
    const id = item.dataset.exercise;
    item.className = solved.includes(id) ? "solved" : begun.includes(id) ? "begun" : "";
    set(item.querySelector(".mark"), { solved: "written", begun: "begun" }[item.className] ?? "");
    if (id === next) showNext(item.querySelector("a"), begun.includes(id));
  }
  for (const part of document.querySelectorAll(".part:has(.exercises)")) {
    set(part.querySelector("h2 .written"), `${count(part)} of ${part.querySelectorAll("[data-exercise]").length} written`);
  }
  set(document.querySelector(".written[data-all]"), `${count(document)} written`);
  if (!next) set(document.querySelector(".nextup"), "You have written them all: nine servers.");
}

function showNext(link, isBegun) {
  const line = document.querySelector(".nextup");
  const text = `${isBegun ? "You have begun" : "Next is"} ${link.textContent}.`;
  if (line.textContent.trim() === text) return;
  line.replaceChildren(made("span", { className: "how", textContent: isBegun ? "You have begun" : "Next is" }), " ",
    made("a", { href: link.href, textContent: link.textContent }), ".");
}

// marked returns a sentence of a text: `code` is code, and *this* is stressed.
function marked(text) {
  return text.split(/(`[^`]+`|\*[^*]+\*)/).map((piece) => {
    if (!/^([`*]).+\1$/.test(piece)) return piece;
    return made(piece[0] === "`" ? "code" : "em", { textContent: piece.slice(1, -1) });
  });
}

class Desk {
  constructor(root) {
    this.root = root;
    this.id = root.dataset.exercise;
    this.find = (selector) => root.querySelector(selector);
    this.hints = [...document.querySelectorAll("section[aria-labelledby=hints] details")];
    this.find(".start").addEventListener("click", () => this.start());
    this.find(".again").addEventListener("click", () => this.ask());
    this.find(".whole").addEventListener("click", () => this.open());
    this.find(".yes").addEventListener("click", () => this.start(true));
    this.find(".no").addEventListener("click", () => this.asked());
    this.find(".deskhint a").addEventListener("click", (event) => this.stuck(event));
    this.hints.forEach((hint, i) => hint.querySelector("summary").addEventListener("click", () => hint.open || this.give(i)));
    book.watched(`/desk/${this.id}/events`, "state", {
      take: (state) => this.show(state),
      locked: () => this.lock("To start it from here, open the book with the link that it has printed in the terminal."),
      gone: () => this.word("The book has closed, or the connection to it is gone."),
    });
  }

  // lock leaves the commands to the reader, which work all the same.
  lock(why) {
    this.root.classList.add("locked");
    this.find(".live").hidden = true;
    const small = this.find(".commands .small");
    if (!small.textContent.includes(why)) small.append(` ${why}`);
  }

  show(state) {
    this.state = state;
    this.find(".live").hidden = false;
    const { begun, solved, dir, tests = [], views = [] } = state;
    this.word(this.sentence(state), begun ? `Your copy is in ${dir}.` : `Start makes a copy of the chapter in ${dir}, for your own editor.`);
    document.querySelector(".ticked").hidden = !solved;
    this.find(".start").hidden = begun;
    this.find(".again").hidden = !begun;
    this.find(".whole").hidden = !begun || views.length > 0;
    this.showTests(begun ? tests : []);
    this.showWhy(state);
    this.showCode(views);
    this.showHints(state);
    this.compare(state);
  }

  word(text, place) {
    const word = this.find(".deskword");
    if (word.textContent === text + (place || "")) return;
    word.replaceChildren(text, ...(place ? [made("span", { className: "place", textContent: place })] : []));
  }

  // sentence says how things are.
  sentence({ begun, solved, right, doing, verdict, problem, dir }) {
    if (problem) return `This can’t be checked. ${problem}`;
    if (!begun && solved) return "Written, and the copy isn’t there any more.";
    if (!begun) return "Not begun.";
    if (doing) return `${doing[0].toUpperCase()}${doing.slice(1)} …`;
    if (right) return "Solved, and all other tests of the chapter pass.";
    if (verdict) return `Not yet. ${verdict}`;
    return solved ? "Written. Save, and it is checked again." : "Begun.";
  }

  showTests(tests) {
    const list = this.find(".desktests");
    list.hidden = tests.length === 0;
    list.replaceChildren(...tests.map(({ name, mark = "", state }) => made("li", { className: mark },
      made("span", { className: "mark", textContent: { good: "✓", bad: "✗", none: "–" }[mark] ?? "·" }), made("code", { textContent: name }), ` ${state ?? (this.state.doing ? "waits" : "has not run")}`)));
  }

  // showWhy shows what is wrong first: what the compiler says, or the first test that has not passed.
  showWhy({ begun, compiler, tests = [], rest, restored }) {
    const bad = [...tests, ...(rest ? [rest] : [])].find(({ mark }) => mark === "bad");
    const key = JSON.stringify([begun, compiler, bad, restored]);
    if (this.why === key) return;
    this.why = key;
    const why = [];
    if (begun && compiler) why.push(made("pre", { textContent: compiler }));
    else if (begun && bad) {
      why.push(made("pre", { textContent: `${bad.name} ${bad.state}\n${bad.details}` }));
      if (bad.says) why.push(made("p", {}, ...marked(bad.says[0].toUpperCase() + bad.says.slice(1))));
    }
    if (begun && restored) why.push(made("p", { textContent: "Your tests differ from the book’s. These were the book’s." }));
    this.find(".deskwhy").replaceChildren(...why);
  }

  // showCode shows the functions as they are in the copy. A button that has the focus keeps it.
  showCode(views) {
    const box = this.find(".deskcode");
    const keys = JSON.stringify(views.map(({ file, function: name }) => [file, name]));
    if (box.dataset.keys !== keys) {
      box.dataset.keys = keys;
      box.replaceChildren(...views.map((view, i) => this.figure(view, i)));
    }
    views.forEach(({ file, line, function: name, code = "" }, i) => {
      const figure = box.children[i];
      set(figure.querySelector(".at"), code ? `${file}:${line}` : `${name} isn’t in ${file} any more`);
      const text = figure.querySelector("pre code");
      figure.querySelector(".tool").hidden = !this.state.begun;
      if (text.source !== code) text.innerHTML = text.source = code; // it comes from the book, which has escaped it
      reach([text.parentElement]);
    });
  }

  figure({ file, function: name }, i) {
    const open = push("Open", () => this.open(i));
    open.ariaLabel = `Open ${name} in your editor`;
    const text = made("pre", { role: "group", ariaLabel: `${name} in your ${file}` }, made("code"));
    return made("figure", { className: "code excerpt" }, made("figcaption", {}, made("span", {}, made("span", { className: "at" }), ` ${name}`), open), text);
  }

  // showHints shows those that have been given, and the next.
  showHints({ begun, solved, hints }) {
    this.hints.forEach((hint, i) => { hint.hidden = !solved && i > hints; });
    const next = Math.min(hints, this.hints.length - 1);
    this.find(".deskhint").hidden = !begun || solved;
    set(this.find(".deskhint a"), hints < this.hints.length ? `Stuck? Hint ${next + 1} of ${this.hints.length}` : "The hints once more: the last one is nearly the line");
  }

  // give notes that a hint has been given.
  give(i) {
    if (i >= this.state?.hints) this.post(`hint?n=${i + 1}`);
  }

  stuck(event) {
    event.preventDefault();
    const i = Math.min(this.state.hints, this.hints.length - 1), hint = this.hints[i];
    this.give(i);
    hint.open = true;
    hint.scrollIntoView({ block: "center" });
    hint.querySelector("summary").focus();
  }

  // compare puts the reader's version and the book's side by side, when his is right.
  async compare({ begun, solved, right, doing, verdict }) {
    const both = document.querySelector(".both");
    const shows = begun && solved && !doing && !verdict;
    both.hidden = this.find(".deskdone").hidden = !shows;
    const key = shows && JSON.stringify([right, this.state.views]);
    if (this.compared === key) return;
    this.compared = key;
    if (!shows) return;
    try {
      const response = await fetch(`/desk/${this.id}/solution`);
      if (response.ok) both.querySelector(".beside").innerHTML = await response.text();
    } catch { /* the stream says that the book has gone */ }
  }

  ask() {
    const ask = this.find(".deskask");
    set(ask.querySelector("span"), `What you have in ${this.state.dir} is put aside, whole, and a new copy takes its place.`);
    ask.hidden = false;
    this.find(".yes").focus();
  }

  asked() {
    this.find(".deskask").hidden = true;
    this.find(this.state.begun ? ".again" : ".start").focus();
  }

  async start(again = false) {
    const answer = await this.post(`start${again ? "?again=1" : ""}`, { 409: () => this.ask() });
    if (!answer) return;
    this.find(".deskask").hidden = true;
    const { aside } = JSON.parse(answer);
    set(this.find(".deskopened"), aside ? `What you had is in ${aside} now.` : "");
  }

  async open(place = "") {
    const answer = await this.post(`open?place=${place}`);
    if (!answer) return;
    const { editor, path, problem } = JSON.parse(answer);
    const word = this.find(".deskopened");
    if (editor) return set(word, `Opened in ${editor}.`);
    const button = made("button", { type: "button", className: "copy", textContent: "Copy", onclick: () => copyFor(button, path) });
    word.replaceChildren(problem ? `${problem}. ` : "No editor with a window of its own is known here: set VISUAL, or open ", made("code", { textContent: path }), " ", button);
  }

  // post does something, and returns the answer, or nothing if it is refused.
  async post(path, refused = {}) {
    try {
      const response = await fetch(`/desk/${this.id}/${path}`, { method: "POST" });
      const text = await response.text();
      if (response.ok) return text || "{}";
      if (refused[response.status]) return void refused[response.status]();
      set(this.find(".deskopened"), text);
    } catch {
      this.word("The book does not answer: has it been closed?");
    }
  }
}

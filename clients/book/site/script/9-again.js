// Again: what a chapter has asked comes back after a week, one question at a time. All of it stays in the browser.

const day = 24 * 3600 * 1000, week = 7 * day;

book.again = {
  // chapters are those that have been read to their end: by address, when, and what they ask.
  get chapters() {
    return JSON.parse(book.kept("read") || "{}");
  },

  // due are the questions whose time has come. One that was known comes back after twice the time.
  due(now) {
    const times = JSON.parse(book.kept("again") || "{}");
    return Object.entries(this.chapters).flatMap(([address, { at, title, asks }]) => asks.map((ask) => {
      const key = `${address} ${ask.question}`;
      return { ...ask, address, title, key, wait: week, next: at + week, ...times[key] };
    })).filter(({ next }) => next <= now).sort((a, b) => a.next - b.next);
  },

  // answered puts a question off: for twice the time, or until tomorrow.
  answered({ key, wait }, known, now) {
    const times = JSON.parse(book.kept("again") || "{}");
    times[key] = known ? { wait: 2 * wait, next: now + 2 * wait } : { wait: week, next: now + day };
    book.keep("again", JSON.stringify(times));
  },

  // read takes note of a chapter that has been read, with what it asks. When it is read once more, its time stays.
  read(explain) {
    const { chapters } = this, address = location.pathname;
    const asks = [...explain.querySelectorAll("details")].map((fold) => asked(fold.querySelector("summary").textContent, fold));
    const predict = document.querySelector(".predict"), fold = predict?.querySelector(".answer");
    if (fold) {
      const question = [...predict.querySelectorAll(":scope > :is(p, ol, ul)")].map(words).join("\n");
      asks.unshift({ ...asked(question, fold), guess: predict.querySelector(".guess textarea").id });
    }
    chapters[address] = { at: chapters[address]?.at ?? Date.now(), title: document.querySelector("h1").textContent, asks };
    book.keep("read", JSON.stringify(chapters));
  },

  // show asks the questions that are due, one after the other, on the page before an element.
  show(before) {
    const cards = this.due(Date.now());
    if (cards.length === 0) return;
    this.root = made("section", { className: "again" });
    this.root.setAttribute("aria-labelledby", "again");
    before.before(this.root);
    this.next(cards);
  },

  next([card, ...rest]) {
    const left = !card ? "That was all for today." : rest.length ? `${card.title}. ${rest.length + 1} questions are due.` : `${card.title}. The last one for today.`;
    this.root.replaceChildren(made("h2", { id: "again", textContent: "Again" }), made("p", { className: "meta", textContent: left }));
    if (!card) return;
    const tools = made("div", { className: "tools" }, push("Show the answer", () => this.tell(card, rest, tools)));
    this.root.append(made("p", { className: "asked", textContent: card.question }), tools);
  },

  // tell shows the answer, and what the reader has predicted.
  tell(card, rest, tools) {
    const guess = card.guess && book.kept(`guess ${card.address}#${card.guess}`);
    if (guess) tools.before(made("p", { textContent: `You wrote: ${guess}` }));
    tools.before(made("p", { className: "told", textContent: card.answer }));
    const go = (known) => () => {
      this.answered(card, known, Date.now());
      this.next(rest);
      this.root.querySelector("button")?.focus();
    };
    tools.replaceChildren(push("I knew it", go(true)), push("Ask me tomorrow", go(false)), made("a", { href: card.address, textContent: "To the chapter" }));
    tools.firstChild.focus();
  },
};

// words are those of an element, without the notes on its terms.
function words(element) {
  const copy = element.cloneNode(true);
  for (const note of copy.querySelectorAll(".gloss")) note.remove();
  return copy.textContent.replaceAll(/\s+/g, " ").trim();
}

const asked = (question, fold) => ({ question, answer: [...fold.querySelectorAll("p, li")].map(words).join("\n") });

book.ready(() => {
  const explain = document.querySelector(".explain");
  if (explain) {
    new IntersectionObserver((entries, observer) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      book.again.read(explain);
    }).observe(explain.lastElementChild);
    book.again.show(document.querySelector(".turn"));
  } else if (document.body.matches(".contents")) book.again.show(document.querySelector(".foot"));
});

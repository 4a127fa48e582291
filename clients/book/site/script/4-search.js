// The search. It is in the page: the index is a script that is loaded when it is needed.

book.search = {
  // build makes the window.
  build() {
    this.input = made("input", { type: "search", placeholder: "Search the book", autocomplete: "off", spellcheck: false,
      role: "combobox", ariaExpanded: "false", ariaAutoComplete: "list", ariaLabel: "Search the book" });
    this.input.setAttribute("aria-controls", "found");
    this.list = made("ul", { id: "found", role: "listbox", ariaLabel: "Results" });
    this.state = made("p", { className: "state", role: "status" });
    this.dialog = made("dialog", { className: "search", ariaLabel: "Search" },
      made("form", {}, made("label", {}, this.input), push("Close", () => this.dialog.close())), this.list, this.state);
    document.body.append(this.dialog);
    this.dialog.addEventListener("click", (event) => { if (event.target === this.dialog) this.dialog.close(); });
    this.input.addEventListener("input", () => this.show());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
    this.dialog.querySelector("form").addEventListener("submit", (event) => event.preventDefault());
  },

  open() {
    if (!this.dialog) this.build();
    if (this.dialog.open) return;
    this.dialog.showModal();
    this.input.select();
    if (!book.index) this.load();
  },

  async load() {
    const index = document.documentElement.dataset.index;
    this.base = new URL(".", new URL(index, location.href));
    try {
      await load(index);
    } catch {
      this.state.textContent = "The index can’t be loaded.";
      return;
    }
    let last;
    book.index = book.index.flatMap((entry) => {
      last = this.whole(entry, last);
      return [last, ...this.functions(last)];
    });
    this.show();
  },

  // whole adds what an entry has in common with the one before.
  whole: ({ p, t, ...rest }, last) => ({ p: p[0] === "#" ? last.p.split("#")[0] + p : p, t: t ?? last.t, ...rest }),

  // functions are those of a file, each with its line.
  functions({ p, t, h, f }) {
    return f ? f.split(" ").map((one) => one.split(":")).map(([name, line]) => ({ p: `${p}#L${line}`, t: `${h}, ${t.toLowerCase()}`, h: name })) : [];
  },

  // find returns the entries that have all words, the best first: what is called that, and then what says it. A
  // chapter is before the sections of other pages, and text before code.
  find(words) {
    const scored = [];
    for (const entry of book.index) {
      entry.low ??= [entry.h || entry.t, entry.t, entry.x ?? ""].map(plain);
      const [heading, title, text] = entry.low, named = /\.\w+\.html/.test(entry.p) ? 20 : 40; // a page of code or of text
      let score = 0;
      for (const word of words) {
        const points = 12 * begins(heading, word) + 4 * heading.includes(word) + 3 * begins(title, word) +
          2 * begins(text, word) + text.includes(word);
        if (points === 0) { score = 0; break; }
        score += points;
      }
      if (heading === words.join(" ") || heading.endsWith("/" + words.join(" "))) score += named;
      if (score > 12 * words.length && !entry.h) score += 10; // a page that is called that
      if (score > 0) scored.push([score, entry]);
    }
    return scored.sort((a, b) => b[0] - a[0]).slice(0, 20).map(([, entry]) => entry);
  },

  show() {
    if (!book.index) return;
    const words = plain(this.input.value).split(/\s+/).filter(Boolean);
    const found = words.length ? this.find(words) : [];
    this.list.replaceChildren(...found.map((entry, i) => this.row(entry, words, i)));
    this.input.setAttribute("aria-expanded", String(found.length > 0));
    this.state.textContent = words.length && !found.length ? "Nothing found." : "";
    this.choose(0);
  },

  row(entry, words, i) {
    const row = made("li", { id: "found-" + i, role: "option" },
      made("strong", {}, ...lit(entry.h || entry.t, words)), made("small", { textContent: entry.h ? entry.t : "" }));
    if (entry.x) row.append(made("p", {}, ...lit(piece(entry, words), words)));
    row.addEventListener("click", () => this.go(entry));
    row.entry = entry;
    return row;
  },

  choose(i) {
    const rows = [...this.list.children];
    this.chosen = rows.length ? (i + rows.length) % rows.length : 0;
    rows.forEach((row, n) => row.setAttribute("aria-selected", String(n === this.chosen)));
    if (rows.length) this.input.setAttribute("aria-activedescendant", rows[this.chosen].id);
    else this.input.removeAttribute("aria-activedescendant");
    rows[this.chosen]?.scrollIntoView({ block: "nearest" });
  },

  key(event) {
    if (event.key === "Escape") { // a browser would only empty the field
      event.preventDefault();
      this.dialog.close();
    }
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      this.choose(this.chosen + move);
    } else if (event.key === "Enter" && event.target === this.input && this.list.children[this.chosen]) {
      event.preventDefault();
      this.go(this.list.children[this.chosen].entry);
    }
  },

  go(entry) {
    this.dialog.close();
    location.href = new URL(entry.p, this.base).href;
  },
};

const plain = (text) => text.toLowerCase().replaceAll("’", "'");

// begins reports whether a word of the text begins like that.
function begins(text, word) {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1])) return true;
  }
  return false;
}

// piece returns the text around the first word that is in it.
function piece(entry, words) {
  const at = words.map((word) => entry.low[2].indexOf(word)).find((n) => n >= 0) ?? 0;
  const from = at < 60 ? 0 : entry.x.indexOf(" ", at - 50) + 1;
  return (from ? "… " : "") + entry.x.slice(from, from + 150) + (from + 150 < entry.x.length ? " …" : "");
}

// lit marks the words in a text.
function lit(text, words) {
  const parts = [];
  const low = plain(text);
  for (let at = 0; at < text.length;) {
    const next = words.map((word) => [low.indexOf(word, at), word]).filter(([n]) => n >= 0).sort((a, b) => a[0] - b[0])[0];
    if (!next) {
      parts.push(text.slice(at));
      break;
    }
    const [n, word] = next;
    parts.push(text.slice(at, n), made("mark", { textContent: text.slice(n, n + word.length) }));
    at = n + word.length;
  }
  return parts;
}

book.ready(() => {
  document.querySelector(".find").addEventListener("click", () => book.search.open());
});

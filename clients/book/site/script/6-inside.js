// What a server's goroutines did: a drawing of a sheet of clients/sched, on the axis of the lanes.

class Inside {
  constructor() {
    this.svg = drawn("svg", { class: "inside", role: "img" });
    this.note = made("p", { className: "labnote" });
    this.rows = made("tbody");
    const heads = ["", "life", "ran", "runnable", "waited", "system calls", "longest"].map((text) => made(text ? "th" : "td", { textContent: text }));
    const keys = [["run1", "runs"], ["stand", "runnable: could run, and nobody lets it"], ["thin", "waits"], ["call", "system call"], ["rest", "accept, runtime"]];
    this.root = made("div", { className: "labinside", hidden: true }, made("h4", { textContent: "Inside the server" }), this.svg,
      made("p", { className: "legend" }, ...keys.flatMap(([name, text]) => [made("span", { className: "key" }, made("span", { className: name }), text), " "])),
      this.note, made("details", {}, made("summary", { textContent: "The same as a table" }),
        made("div", { className: "table" }, made("table", {}, made("thead", {}, made("tr", {}, ...heads)), this.rows))));
  }

  // draw shows what there was inside between two times, if somebody has looked.
  draw(sheet, from, to) {
    this.root.hidden = !sheet;
    if (!sheet) return;
    if (sheet !== this.sheet) this.take(sheet);
    const { width, left, x } = axis(this.svg, from, to);
    const shown = [from, to, width].join(" ");
    if (this.shown === shown || !sheet.rows) return;
    this.shown = shown;
    const high = 20, gap = 8, count = sheet.ps.length + sheet.rows.length;
    const height = count * high + gap;
    place(this.svg, { viewBox: `0 0 ${width} ${height}`, height });
    this.svg.replaceChildren(...[...sheet.ps, ...sheet.rows].map((strip, i) => {
      const middle = i * high + high / 2 + (i < sheet.ps.length ? 0 : gap);
      return this.strip(strip, middle, (at) => x((sheet.from + at) / 1000), left, width - 8);
    }));
  }

  // take is for a new sheet: its words.
  take(sheet) {
    this.sheet = sheet;
    this.shown = "";
    const { missing, says = "", note = "", table = [] } = sheet;
    this.root.classList.toggle("missing", missing !== undefined);
    set(this.note, missing ? `There is nothing to be seen: ${missing}.` : `${note} The tracer has two of the server's descriptors, and a thread or two.`.trim());
    this.svg.setAttribute("aria-label", says);
    this.rows.replaceChildren(...table.map(([name, ...cells]) => made("tr", {}, made("th", { scope: "row", textContent: name }),
      ...cells.map((text) => made("td", { textContent: text, colSpan: cells.length === 1 ? 6 : 1 })))));
  }

  // strip draws a row. All of its bars that look the same are one path.
  strip({ name, bars }, middle, x, left, right) {
    const paths = new Map(), marks = [];
    for (const [at, length, kind, mark] of bars ?? []) {
      const begin = x(at), end = x(at + length);
      if (end <= left || begin >= right) continue;
      const wide = end - begin > 11;
      paths.set(kind, `${paths.get(kind) ?? ""}M${begin} ${middle}H${Math.max(begin + 1.2, end - (wide && mark ? .6 : 0)).toFixed(1)}`);
      if (wide && mark) marks.push(label(mark, { class: "on", x: (begin + end) / 2, y: middle + 4 }));
    }
    const group = drawn("g");
    group.append(label(name, { x: 4, y: middle + 4 }), ...[...paths].map(([kind, d]) => drawn("path", { class: kind, d })), ...marks);
    return group;
  }
}

const label = (text, attributes) => {
  const element = drawn("text", attributes);
  element.textContent = text;
  return element;
};

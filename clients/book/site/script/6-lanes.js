// The lanes of a server's clients: a drawing that follows the scene.

const drawn = (name, attributes = {}) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
};

const place = (element, attributes) => {
  for (const [key, value] of Object.entries(attributes)) {
    if (element.getAttribute(key) !== String(value)) element.setAttribute(key, value);
  }
};

// axis is the same for all drawings of a server: the names, and then the time from left to right.
const axis = (svg, from, to) => {
  const width = Math.max(260, svg.clientWidth);
  const left = Math.min(110, width / 4);
  return { width, left, x: (at) => Math.round(10 * (left + (Math.min(Math.max(at, from), to) - from) / (to - from) * (width - left - 8))) / 10 };
};

class Lanes {
  // Show is called with the visitor that the reader looks at.
  constructor(show) {
    this.svg = drawn("svg", { class: "lablanes", tabindex: "0", role: "group", "aria-label": "A lane for each client; the arrow keys go from one to the next" });
    this.axis = this.svg.appendChild(drawn("g", { class: "axis" }));
    this.lanes = new Map();
    this.show = show;
    this.svg.addEventListener("pointerover", (event) => this.look(event.target.closest(".lane")));
    this.svg.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step || this.lanes.size === 0) return;
      event.preventDefault();
      const all = [...this.lanes.values()].map((lane) => lane.group);
      const at = all.indexOf(this.svg.querySelector(".current"));
      this.look(all[Math.min(all.length - 1, Math.max(0, at + step))]);
    });
  }

  look(group) {
    if (!group) return;
    this.svg.querySelector(".current")?.classList.remove("current");
    group.classList.add("current");
    for (const { group: other, visitor } of this.lanes.values()) if (other === group) this.show(visitor);
  }

  clear() {
    for (const { group } of this.lanes.values()) group.remove();
    this.lanes.clear();
  }

  // draw shows what has happened between two times.
  draw(side, from, to) {
    const count = side.clients.size;
    const row = count <= 12 ? 24 : count <= 40 ? 10 : 5;
    const { width, x } = axis(this.svg, from, to);
    const groups = this.group(side, row);
    const height = Math.max(1, count) * row + groups.length * 6 + 16;
    place(this.svg, { viewBox: `0 0 ${width} ${height}`, height });
    this.ticks(from, to, x, height);
    for (const number of this.lanes.keys()) if (!side.clients.has(number)) this.clear();
    let top = 2;
    for (const { name, visitors } of groups) {
      visitors.forEach((visitor, i) => this.lane(visitor, x, [from, to], top + i * row, row, name === undefined ? visitor.name : i === 0 ? name : ""));
      top += visitors.length * row + 6;
    }
  }

  // group puts neighbours together that differ in their numbers alone, if there are too many for each to
  // have a name of its own.
  group(side, row) {
    const all = [...side.clients.values()];
    if (row === 24) return all.length ? [{ visitors: all }] : [];
    const groups = [];
    for (const visitor of all) {
      const [kind, number = ""] = visitor.name.split(/ (?=\d+$)/), last = groups.at(-1);
      if (last?.kind === kind) last.visitors.push(visitor);
      else groups.push({ kind, first: number, visitors: [visitor] });
      const group = groups.at(-1), count = group.visitors.length;
      group.name = count === 1 ? visitor.name : group.first ? `${kind} ${group.first}–${number}` : `${kind} ×${count}`;
    }
    return groups;
  }

  ticks(from, to, x, height) {
    const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000].find((step) => (to - from) / step <= 7) ?? 20_000;
    const texts = [];
    for (let at = Math.ceil(from / step) * step; at <= to; at += step) texts.push(at);
    while (this.axis.childElementCount > texts.length) this.axis.lastChild.remove();
    texts.forEach((at, i) => {
      const text = this.axis.children[i] ?? this.axis.appendChild(drawn("text", { "text-anchor": "middle" }));
      place(text, { x: x(at), y: height - 6 });
      set(text, `${at / 1000} s`);
    });
  }

  lane(visitor, x, [from, to], top, row, name) {
    let lane = this.lanes.get(visitor.number);
    if (!lane) {
      lane = { group: drawn("g", { class: "lane", role: "img" }), bars: [] };
      lane.back = lane.group.appendChild(drawn("rect", { class: "back", x: 0 }));
      lane.line = lane.group.appendChild(drawn("rect", { class: "line" }));
      lane.name = lane.group.appendChild(drawn("text", { x: 4 }));
      lane.ticks = lane.group.appendChild(drawn("path", { class: "tick" }));
      lane.end = lane.group.appendChild(drawn("circle", { r: 0 }));
      this.svg.append(lane.group);
      this.lanes.set(visitor.number, lane);
    }
    lane.visitor = visitor;
    const middle = top + row / 2;
    const end = Math.min(visitor.ended ?? to, to);
    place(lane.group, { "aria-label": `${visitor.name}: ${visitor.state}`, "data-state": visitor.state });
    place(lane.back, { y: top, width: x(to), height: row });
    place(lane.name, { y: row === 24 ? middle + 4 : top + 9 });
    set(lane.name, name);
    place(lane.line, { x: x(visitor.opened), width: Math.max(0, x(end) - x(visitor.opened)), y: middle - .5, height: 1 });
    this.bars(lane, visitor, x, [from, to], middle, row);
    const cut = visitor.lost || visitor.state.startsWith("cut off") || visitor.state.startsWith("has reset");
    const size = Math.min(4, row / 2.5);
    place(lane.ticks, { d: visitor.marks.filter(({ kind, bytes, at }) => kind === "answered" && bytes > 0 && at >= from && at <= to)
      .map(({ at }) => `M${x(at) + 3} ${middle}l${size / 2} ${size}l${size} ${-2 * size}`).join("") || "M0 0" });
    place(lane.end, { cx: x(end), cy: middle, r: visitor.ended === undefined || visitor.ended > to || visitor.ended < from ? 0 : Math.min(4, row / 2), class: cut ? "bad" : "left" });
  }

  bars(lane, visitor, x, [from, to], middle, row) {
    while (lane.bars.length > visitor.spans.length) lane.bars.pop().remove();
    visitor.spans.forEach((span, i) => {
      const bar = lane.bars[i] ?? (lane.bars[i] = lane.group.insertBefore(drawn("rect"), lane.end));
      const high = row * (span.kind === "work" ? .66 : .25);
      const left = x(span.from), seen = span.from <= to && (span.to ?? to) >= from;
      place(bar, { class: span.kind, x: left, width: seen ? Math.max(1.5, x(span.to ?? to) - left) : 0, y: middle - high / 2, height: high });
    });
  }
}

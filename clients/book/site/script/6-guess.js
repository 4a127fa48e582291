// The guess as a drawing: the reader drags where the bars of Echo and SmallPrime end, and the real ones
// are laid over them. All is measured in hundredths of LongPrime's time.

class Drawing {
  constructor(id, select) {
    Object.assign(this, { key: `drawn ${id}`, select });
    const rows = ["LongPrime", "Echo", "SmallPrime"].map((name) => this.row(name));
    this.ends = rows.slice(1).map(({ input }) => input);
    this.reals = rows.map(({ real }) => real);
    this.root = made("div", { className: "drawing", role: "group", ariaLabel: "Drag where the bars of Echo and SmallPrime end" },
      ...rows.map(({ root }) => root), made("p", { className: "labnote", textContent: "Drag the ends, or choose:" }));
    const kept = book.kept(this.key).split(" ").map(Number);
    this.set(kept.length === 2 ? kept : this.places(select.value));
    select.addEventListener("change", () => this.set(this.places(select.value)));
  }

  // row is the lane of a client. LongPrime's end is where it is.
  row(name) {
    const bar = made("span", { className: "guessed" }), real = made("span", { className: "real", hidden: true }), root = made("div", { className: "drawn" });
    root.append(made("span", { className: "name", textContent: name }), bar, real);
    if (name === "LongPrime") {
      span(bar, 0, 100);
      return { root, real };
    }
    const input = made("input", { type: "range", min: 0, max: Drawing.longest, step: 5, value: come, ariaLabel: `${name}’s bar ends` });
    input.addEventListener("input", () => this.moved());
    input.bar = bar;
    root.append(input);
    return { root, real, input };
  }

  // set moves both ends.
  set(values) {
    this.ends.forEach((input, i) => {
      input.value = String(Math.max(come, values[i]));
      input.setAttribute("aria-valuetext", Number(input.value) === come ? "not drawn yet" : `after ${input.value}% of LongPrime’s time`);
      span(input.bar, come, Number(input.value));
    });
  }

  // moved takes the order from the drawing, as soon as there are both bars.
  moved() {
    this.set(this.ends.map(({ value }) => Number(value)));
    const values = this.ends.map(({ value }) => Number(value));
    book.keep(this.key, values.join(" "));
    if (values.includes(come)) return;
    const order = [["LongPrime", 100], ["Echo", values[0]], ["SmallPrime", values[1]]];
    this.select.value = order.sort((a, b) => a[1] - b[1]).map(([name]) => name).join(", ");
  }

  // places are the ends of the bars for an order that has been chosen in words.
  places(order) {
    const names = order.split(", "), long = names.indexOf("LongPrime");
    return ["Echo", "SmallPrime"].map((name) => (long < 0 ? come : 100 + 20 * (names.indexOf(name) - long) - (names.indexOf(name) < long ? 30 : 0)));
  }

  // lay lays over what has come. Without a side there is nothing yet.
  lay(side) {
    const visitors = side ? [...side.clients.values()] : [];
    const long = visitors.find(({ name }) => name === "LongPrime");
    this.reals.forEach((real, i) => {
      const visitor = visitors[i], end = visitor?.spans.at(-1)?.to;
      real.hidden = end === undefined;
      if (real.hidden) return;
      const scale = (at) => 100 * (at - long.opened) / (long.spans.at(-1).to - long.opened);
      span(real, scale(visitor.opened), scale(end));
      real.title = `${visitor.name}: a reply after ${Math.round(scale(end))}% of LongPrime’s time`;
    });
  }
}

Drawing.longest = 150;

// come is when Echo and SmallPrime come, roughly.
const come = 15;

// span puts a bar between two times.
function span(bar, from, to) {
  const at = (time) => Math.min(time, Drawing.longest) / Drawing.longest;
  bar.style.setProperty("--from", String(at(from)));
  bar.style.setProperty("--to", String(at(to)));
}

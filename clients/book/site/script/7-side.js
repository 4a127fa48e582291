// A side panel is one server: its lanes, its figures, its log.
class SidePanel {
  constructor() {
    this.title = made("h3");
    this.detail = made("p", { className: "labdetail" });
    this.figures = made("dl", { className: "labfigures" });
    this.log = made("pre", { className: "lablog", tabIndex: 0, ariaLabel: "The server's log" });
    this.lanes = new Lanes((visitor) => { this.looked = visitor; });
    this.inside = new Inside();
    this.trail = new Trail();
    this.root = made("section", { className: "labside" }, this.title, this.lanes.svg, this.trail.root, this.inside.root, this.detail, this.figures, this.log);
  }

  clear() {
    this.lanes.clear();
    this.looked = undefined;
  }

  draw(side, now, from, to, figures, recorded) {
    set(this.title, `Chapter ${side.chapter}${recorded ? ", in a recording," : ""} ${side.state}${side.builds ? `: ${Math.floor(now / 1000)} s` : ""}`);
    this.lanes.draw(side, from, to);
    this.trail.draw(side);
    this.inside.draw(side.inside, from, to);
    set(this.detail, this.looked?.story() ?? "");
    const log = side.log.slice(-8).join("\n");
    if (set(this.log, log)) this.log.scrollTop = this.log.scrollHeight;
    this.show(side, figures);
  }

  // show gives what the clients count, and what the kernel tells.
  show(side, figures = {}) {
    const waiting = [...side.clients.values()].filter((v) => v.state === "waits for *").length;
    const owed = [...side.clients.values()].filter((v) => v.state === "waits for the reply").length;
    const list = [["not greeted yet", String(waiting)], ["wait for a reply", String(owed)]];
    if (figures.echoes) {
      const { n, P50, P99 } = figures.echoes;
      list.push(["steady echoes", `p50 ${duration(P50)}, p99 ${duration(P99)} (${n} in 10 s)`]);
    }
    if (figures.backlog !== undefined) {
      list.push(["accepted, but not greeted", String(Math.max(0, waiting - figures.backlog))]);
      list.push(["kernel: not accepted yet", figures.backlog + " " + "▪".repeat(Math.min(30, figures.backlog))]);
    }
    if (figures.fds) list.push(["kernel: descriptors", String(figures.fds)]);
    if (figures.rss) list.push(["kernel: memory", `${(figures.rss / 1e6).toFixed(1)} MB`]);
    if (figures.threads) {
      const busy = figures.threads.filter((t) => t.cpu > 1 || t.state === "R");
      const text = busy.map((t) => `${t.state} nice ${t.nice} ${t.cpu}%`).join(", ");
      list.push(["kernel: threads", `${figures.threads.length}${text ? `; busy: ${text}` : ""}`]);
    }
    if (figures.threadCount) list.push(["kernel: threads", `${figures.threadCount}; busy: ${figures.cpu ?? 0}% of a core`]);
    if (figures.none) list.push(["kernel", figures.none]);
    list.forEach(([name, value], i) => {
      const row = this.figures.children[i] ?? this.figures.appendChild(made("div", {}, made("dt"), made("dd")));
      set(row.children[0], name);
      set(row.children[1], value);
    });
    while (this.figures.childElementCount > list.length) this.figures.lastChild.remove();
  }
}

// A trail is what a client has sent byte by byte, and where that has led.
class Trail {
  constructor() {
    this.rows = made("tbody");
    const heads = ["sent", "where a parser is then", "reply"].map((textContent) => made("th", { scope: "col", textContent }));
    this.root = made("div", { className: "labtrail", hidden: true },
      made("table", {}, made("thead", {}, made("tr", {}, ...heads)), this.rows),
      made("p", { className: "labnote", textContent: "The lab reads along by the protocol. The server keeps its own state to itself." }));
  }

  draw(side) {
    const bytes = [...side.clients.values()].map((visitor) => visitor.bytes).find(({ length }) => length > 2) ?? [];
    this.root.hidden = bytes.length === 0;
    const text = JSON.stringify(bytes);
    if (this.text === text) return;
    this.text = text;
    this.rows.replaceChildren(...bytes.slice(-24).map(({ text, parser, reply }) =>
      made("tr", {}, ...[text, parser, reply].map((textContent) => made("td", { textContent })))));
  }
}

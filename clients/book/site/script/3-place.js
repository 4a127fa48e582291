// Where the reader is: the section in the list beside the text, and the keys to go on.

book.ready(() => {
  const links = new Map();
  for (const link of document.querySelectorAll(".side ol a[href^='#']")) {
    links.set(document.getElementById(link.hash.slice(1)), link);
  }
  let waiting = false;
  const follow = () => {
    waiting = false;
    let current;
    for (const heading of links.keys()) {
      if (!current || heading.getBoundingClientRect().top < innerHeight / 3) current = heading;
    }
    const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 4;
    if (atEnd && scrollY > 0) current = [...links.keys()].pop();
    for (const [heading, link] of links) mark(link, heading === current);
  };
  if (links.size === 0) return;
  const soon = () => {
    if (!waiting) requestAnimationFrame(follow);
    waiting = true;
  };
  addEventListener("scroll", soon, { passive: true });
  soon();
});

function mark(link, isCurrent) {
  if (!isCurrent) return link.removeAttribute("aria-current");
  if (link.hasAttribute("aria-current")) return;
  link.setAttribute("aria-current", "true");
  const list = link.closest(".side");
  const from = list.getBoundingClientRect().top;
  const at = link.getBoundingClientRect().top - from;
  if (at < 40 || at > list.clientHeight - 40) list.scrollTop += at - list.clientHeight / 2;
}

book.ready(() => {
  const turns = document.querySelector("[rel=prev], [rel=next]");
  document.querySelector(".foot p").insertAdjacentHTML("beforeend", ` Keys: <kbd>/</kbd> searches${turns ? ", <kbd>←</kbd> and <kbd>→</kbd> turn the page" : ""}.`);
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("input, textarea, select, dialog, [tabindex='0']")) return;
    const turn = !event.shiftKey && { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
    if (turn) document.querySelector(`[rel="${turn}"]`)?.click();
    if (event.key === "/") { // which needs Shift on some keyboards
      event.preventDefault();
      book.search.open();
    }
  });
});

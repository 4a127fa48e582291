// The book's script, in the order of the file names, runs when the page has been read. Everything that
// is to be read can be read without it.
"use strict";

// made makes an element. A text that it is given never becomes HTML.
const made = (name, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(name), properties);
  element.append(...children);
  return element;
};

const push = (textContent, onclick) => made("button", { type: "button", className: "tool", textContent, onclick });

function set(element, text) {
  if (element.textContent === text) return false;
  element.textContent = text;
  return true;
}

// load runs a script of the book's with which a page does not begin.
const load = (src) => new Promise((onload, onerror) => document.head.append(made("script", { src, onload, onerror })));

// whileSeen lets go of something when the page is hidden: a browser has six connections to a host, for all its tabs.
function whileSeen(letGo, comeBack) {
  document.addEventListener("visibilitychange", () => (document.hidden ? letGo() : comeBack()));
  addEventListener("pagehide", letGo);
  addEventListener("pageshow", (event) => event.persisted && comeBack());
}

// What the text can do: copy commands, keep predictions, show notes, print.

book.ready(() => {
  for (const button of document.querySelectorAll(".copy")) {
    button.addEventListener("click", () => copyCommands(button));
  }
  for (const field of document.querySelectorAll(".guess textarea")) keepGuess(field);
  document.addEventListener("beforetoggle", stayInMargin, true);
  document.addEventListener("toggle", placeNote, true);
  document.querySelector(".whole")?.addEventListener("click", (event) => {
    if (event.target.id) location.hash = event.target.id;
  });
  addEventListener("hashchange", unfold);
  unfold();
  printFolds();
  const seen = new ResizeObserver((entries) => reach(entries.map((entry) => entry.target)));
  for (const box of document.querySelectorAll("pre, .table, .picture, .file .diff")) {
    seen.observe(box);
    box.addEventListener("scroll", () => reach([box]), { passive: true });
  }
});

// copyCommands copies what is typed in a transcript, and not what is printed.
function copyCommands(button) {
  const commands = [...button.closest("figure").querySelectorAll(".run")].map((run) => run.textContent.trimEnd());
  copyFor(button, commands.join("\n") + "\n");
}

async function copyFor(button, text) {
  try {
    await copy(text);
    button.textContent = "Copied";
  } catch {
    button.textContent = "Can’t copy";
  }
  setTimeout(() => { button.textContent = "Copy"; }, 2000);
}

async function copy(text) {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const field = document.createElement("textarea"); // for a page that is not from this machine
  field.value = text;
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  if (!done) throw new Error("the browser does not copy");
}

function keepGuess(field) {
  const key = "guess " + location.pathname + "#" + field.id;
  field.value = book.kept(key);
  field.addEventListener("input", () => book.keep(key, field.value));
}

// A note that is in the margin already needs no window.
function stayInMargin(event) {
  const note = event.target;
  if (note.matches(".gloss") && event.newState === "open" && getComputedStyle(note).display !== "none") {
    event.preventDefault();
  }
}

// placeNote puts a note under its term, where the page has room for it.
function placeNote(event) {
  const note = event.target;
  if (!note.matches(".gloss") || event.newState !== "open") return;
  const term = note.previousElementSibling.getBoundingClientRect();
  const { width, height } = note.getBoundingClientRect();
  const wide = document.documentElement.clientWidth;
  const below = term.bottom + 6 + height < innerHeight;
  note.style.position = "absolute";
  note.style.bottom = "auto";
  note.style.left = Math.max(12, Math.min(term.left, wide - width - 12)) + scrollX + "px";
  note.style.top = (below ? term.bottom + 6 : Math.max(6, term.top - height - 6)) + scrollY + "px";
}

// unfold opens the fold that an address leads into.
function unfold() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (let fold = target?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  if (target?.closest("details")) target.scrollIntoView();
}

function printFolds() {
  let closed = [];
  addEventListener("beforeprint", () => {
    closed = [...document.querySelectorAll(".prose details:not([open])")];
    for (const fold of closed) fold.open = true;
  });
  addEventListener("afterprint", () => closed.forEach((fold) => { fold.open = false; }));
}

// reach lets the Tab key stop at what is wider than the page, so that the arrow keys scroll it, and shows on
// which side there is more. It looks at all of them first: after a change, the browser would measure the page anew.
function reach(boxes) {
  const seen = boxes.map((box) => [box, box.scrollLeft, box.scrollWidth - box.clientWidth]);
  for (const [box, left, hidden] of seen) {
    if (hidden > 1) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
    box.classList.toggle("fade-left", left > 1);
    box.classList.toggle("fade-right", left < hidden - 1);
  }
}

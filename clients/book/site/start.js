// What has to be known before the first paint, so that no colour flashes: the page waits for this
// script, and for no other.
"use strict";

const book = {};

// What the reader writes is kept in the browser, and goes nowhere. Some browsers keep
// nothing for a file from a disk.
book.keep = (key, value) => {
  try {
    if (value) localStorage.setItem("book " + key, value);
    else localStorage.removeItem("book " + key);
  } catch { /* it is gone with the page, then */ }
};
book.kept = (key) => {
  try {
    return localStorage.getItem("book " + key) ?? "";
  } catch {
    return "";
  }
};

// tab is the number of the lab's session that this tab has begun, as long as the tab is there.
book.tab = (number) => {
  try {
    if (number !== undefined) sessionStorage.setItem("book lab", String(number).trim());
    return sessionStorage.getItem("book lab") ?? "";
  } catch {
    return "";
  }
};

book.theme = {
  dark: matchMedia("(prefers-color-scheme: dark)"),
  is() {
    return document.documentElement.dataset.theme ?? (this.dark.matches ? "dark" : "light");
  },
  // set forgets a choice that is what the system says anyway, and follows it from then on.
  set(theme) {
    const system = this.dark.matches ? "dark" : "light";
    if (theme === system) delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
    book.keep("theme", theme === system ? "" : theme);
    this.show();
  },
  show() {
    document.querySelector(".theme")?.setAttribute("aria-pressed", String(this.is() === "dark"));
  },
};
document.documentElement.classList.add("js");
if (book.kept("theme")) document.documentElement.dataset.theme = book.kept("theme");

// ready calls a function when the page is there, and all of the book's script.
book.ready = (start) => document.addEventListener("DOMContentLoaded", start);

book.ready(() => {
  book.theme.show();
  book.theme.dark.addEventListener("change", () => book.theme.show());
  document.querySelector(".theme").addEventListener("click", () => {
    book.theme.set(book.theme.is() === "dark" ? "light" : "dark");
  });
});

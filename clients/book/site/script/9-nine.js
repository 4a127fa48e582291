// The first page's nine timelines, all together in real time. They are there without it.

book.ready(() => {
  const button = document.querySelector(".playall");
  if (!button || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  const list = button.parentElement.querySelector("ol");
  button.hidden = false;
  button.addEventListener("click", () => {
    const begin = performance.now(), axis = Number(button.dataset.axis);
    button.textContent = "Play again";
    list.classList.add("playing");
    list.begun = begin;
    const step = (now) => {
      if (list.begun !== begin) return;
      const played = Math.max(0, now - begin) / axis;
      list.style.setProperty("--played", `${Math.min(100, 100 * played)}%`);
      if (played < 1) requestAnimationFrame(step);
      else list.classList.remove("playing");
    };
    requestAnimationFrame(step);
  });
});

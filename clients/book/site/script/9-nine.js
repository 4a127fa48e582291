// The first page's nine timelines, all together in real time. They are there without it.

book.ready(() => {
  const button = document.querySelector(".playall");
  if (!button || matchMedia("(prefers-reduced-motion: reduce)").matches) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    button.textContent = "Play again";
    for (const svg of document.querySelectorAll(".nine svg")) {
      svg.animate({ clipPath: ["inset(0 100% 0 0)", "inset(0)"] }, Number(button.dataset.axis));
    }
  });
});

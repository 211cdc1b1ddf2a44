// Moves among the slides: arrows, page keys, space, Home, End; the address keeps the number.
const slides = [...document.querySelectorAll("section")];
const number = document.getElementById("number");

function asked() {
  const wanted = Number.parseInt(location.hash.slice(1), 10) || 1;
  return Math.min(Math.max(wanted, 1), slides.length);
}

function show() {
  const at = asked();
  slides.forEach((slide, nth) => slide.classList.toggle("now", nth === at - 1));
  slides[at - 1].focus({ preventScroll: true });
  window.scrollTo(0, 0);
  number.textContent = `${at} / ${slides.length}`;
}

const MOVES = {
  ArrowRight: 1, ArrowDown: 1, PageDown: 1, " ": 1, ArrowLeft: -1, ArrowUp: -1, PageUp: -1, Home: -Infinity, End: Infinity,
};

document.addEventListener("keydown", (event) => {
  const within = event.target.closest?.("summary, a, button, input");
  if (!(event.key in MOVES) || event.altKey || event.ctrlKey || event.metaKey || (within && event.key === " ")) return;
  event.preventDefault();
  location.hash = Math.min(Math.max(asked() + MOVES[event.key], 1), slides.length);
});
addEventListener("hashchange", show);
show();

// Keeps the room of the most there was so far, so that what stands below does not jump from step to step.

const MOST = 280; // px that are kept at most

/** @param {HTMLElement} box @param {HTMLElement} inner what is measured @returns {() => void} how to stop */
export function holdHeight(box, inner) {
  if (typeof ResizeObserver === "undefined") return () => {};
  let most = 0;
  let before = 0;
  box.style.boxSizing = "content-box"; // its own edge comes on top of what is kept
  const observer = new ResizeObserver(() => {
    const { width, height } = inner.getBoundingClientRect();
    if (!width) return; // it is hidden: its room stays
    if (Math.abs(width - before) > 1) most = 0; // laid out anew
    before = width;
    most = Math.max(most, Math.min(height, MOST));
    box.style.minHeight = `${most}px`;
  });
  observer.observe(inner);
  return () => observer.disconnect();
}

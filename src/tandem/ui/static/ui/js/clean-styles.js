// htmx carries the attributes of an element over to the one with the same id that replaces it. A
// style that script gave (the place of a menu, a drag) would become an inline one, which the strict
// Content-Security-Policy stops; the new element is placed anew when it is needed.
document.addEventListener("htmx:before:swap", (event) => {
  const target = event.detail?.ctx?.target;
  if (!(target instanceof Element)) return;
  for (const element of [target, ...target.querySelectorAll("[style]")]) element.removeAttribute("style");
});

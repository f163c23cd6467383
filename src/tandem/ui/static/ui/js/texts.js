// What scripts say, in the language of the page: t("{count} items chosen", { count }).
const known = JSON.parse(document.getElementById("texts")?.textContent ?? "{}");

export function t(text, values = {}) {
  return (known[text] ?? text).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
}

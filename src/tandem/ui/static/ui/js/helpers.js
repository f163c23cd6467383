// Small things shared by the modules.

export const isApple = /Mac|iPhone|iPad/.test(navigator.platform);

/** Say something to screen readers without showing it. */
export function announce(text) {
  const line = document.createElement("p");
  line.textContent = text;
  const log = document.getElementById("announcements");
  if (!log) return;
  log.append(line);
  setTimeout(() => line.remove(), 10_000);
}

export function debounce(wait, act) {
  let timer;
  return (...given) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...given), wait);
  };
}

/** Is the person writing there? Then single keys are letters. */
export function isWriting(element) {
  return (
    element instanceof HTMLElement &&
    (element.isContentEditable ||
      element.matches("textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])"))
  );
}

/** The header that every writing request carries. */
export function csrfHeaders() {
  return JSON.parse(document.body.getAttribute("hx-headers:inherited") ?? "{}");
}

/** POST a form's fields; answers {ok, text}. A lost connection counts as not ok. */
export async function post(address, fields = {}) {
  try {
    const response = await fetch(address, {
      method: "POST",
      headers: { ...csrfHeaders(), "HX-Request": "true", Accept: "text/html" },
      body: new URLSearchParams(fields),
    });
    return { ok: response.ok, status: response.status, text: await response.text(), response };
  } catch {
    return { ok: false, status: 0, text: "", response: null };
  }
}

export function remember(key, value) {
  try {
    if (value === null) localStorage.removeItem(key);
    else localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing still works; it only forgets.
  }
}

export function recall(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

// Attaching behaviour: to elements that are there and to those that htmx brings later.

const behaviours = [];
const attached = new WeakMap();

function attach(element, behaviour) {
  const done = attached.get(element) ?? new Set();
  if (done.has(behaviour)) return;
  done.add(behaviour);
  attached.set(element, done);
  behaviour.start(element);
}

function look(root) {
  for (const behaviour of behaviours) {
    if (root.matches?.(behaviour.selector)) attach(root, behaviour);
    for (const element of root.querySelectorAll(behaviour.selector)) attach(element, behaviour);
  }
}

/** Call start(element) once for every element that matches, now and later. */
export function behave(selector, start, stop) {
  const behaviour = { selector, start, stop };
  behaviours.push(behaviour);
  for (const element of document.querySelectorAll(selector)) attach(element, behaviour);
}

/** Listen on the document for events whose target lies in an element that matches. */
export function on(event, selector, handler, options) {
  document.addEventListener(
    event,
    (happened) => {
      const element = happened.target instanceof Element && happened.target.closest(selector);
      if (element) handler(happened, element);
    },
    options,
  );
}

function leave(root) {
  for (const behaviour of behaviours) {
    if (!behaviour.stop) continue;
    const gone = [...root.querySelectorAll(behaviour.selector)];
    if (root.matches?.(behaviour.selector)) gone.push(root);
    for (const element of gone) {
      const done = attached.get(element);
      if (!done?.has(behaviour) || element.isConnected) continue;
      done.delete(behaviour);
      behaviour.stop(element);
    }
  }
}

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.removedNodes) if (node instanceof Element) leave(node);
    for (const node of change.addedNodes) if (node instanceof Element && node.isConnected) look(node);
  }
}).observe(document.documentElement, { childList: true, subtree: true });

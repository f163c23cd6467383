// Files onto an item: chosen, dropped anywhere on it, or pasted. data-attach="address" takes them;
// each upload shows its progress and can be stopped. Dropped or pasted while one writes a text of
// the item, the file is also named in that text, a picture so that it shows there.
import { on } from "./behave.js";
import { announce, csrfHeaders } from "./helpers.js";
import { t } from "./texts.js";
import { toast } from "./toast.js";

const areaOf = (element) =>
  element.closest("[data-attach]") ?? (element.closest(".item") ?? document).querySelector("[data-attach]");

function line(area, file) {
  const list = area.querySelector("[data-attach-running]");
  const row = document.createElement("li");
  row.className = "attach-row";
  const name = document.createElement("span");
  name.textContent = file.name || t("picture");
  const bar = document.createElement("progress");
  bar.max = 100;
  bar.value = 0;
  bar.setAttribute("aria-label", t("Upload of {name}", { name: name.textContent }));
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "btn btn-ghost btn-small";
  stop.textContent = t("Stop");
  row.append(name, bar, stop);
  list.append(row);
  return { row, bar, stop, name: name.textContent };
}

/** Send one file; resolves to the server's answer, or null when it was refused or stopped. */
function send(area, file) {
  const shown = line(area, file);
  const request = new XMLHttpRequest();
  const body = new FormData();
  body.append("file", file, file.name || "picture.png");
  return new Promise((resolve) => {
    const over = (answer, message) => {
      shown.row.remove();
      if (message) toast(message, { tone: "bad" });
      resolve(answer);
    };
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) shown.bar.value = Math.round((100 * event.loaded) / event.total);
      if (event.loaded === event.total) shown.bar.removeAttribute("value");
    });
    request.addEventListener("load", () => {
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = { message: t("{name} was not taken ({status}).", { name: shown.name, status: request.status }) };
      }
      if (request.status === 201) over(answer);
      else over(null, answer.message);
    });
    request.addEventListener("error", () =>
      over(null, t("{name} did not arrive: the connection broke. Try again.", { name: shown.name })),
    );
    request.addEventListener("abort", () => over(null));
    shown.stop.addEventListener("click", () => request.abort());
    request.open("POST", area.dataset.attach);
    request.setRequestHeader("Accept", "application/json");
    for (const [name, value] of Object.entries(csrfHeaders())) request.setRequestHeader(name, value);
    request.send(body);
  });
}

async function refresh(area) {
  if (!area.isConnected) return;
  const { default: htmx } = await import("htmx.org");
  await htmx.ajax("GET", area.dataset.attach, { target: "#item-attachments", swap: "outerHTML", source: area });
}

function write(text, words) {
  const start = text.selectionStart ?? text.value.length;
  const before = text.value.slice(0, start);
  const gap = before && !before.endsWith("\n") && !before.endsWith(" ") ? " " : "";
  text.setRangeText(`${gap}${words} `, start, text.selectionEnd ?? start, "end");
  text.dispatchEvent(new Event("input", { bubbles: true }));
}

async function take(files, area, text = null) {
  if (!area || files.length === 0) return;
  let came = 0;
  for (const file of files) {
    const answer = await send(area, file);
    if (!answer) continue;
    came += 1;
    if (text?.isConnected) write(text, answer.markdown);
  }
  if (came) announce(came === 1 ? t("1 file attached") : t("{count} files attached", { count: came }));
  await refresh(area);
}

on("change", "[data-attach-files]", (_, input) => {
  const files = [...input.files];
  input.value = "";
  take(files, areaOf(input));
});

const isFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files");
on("dragover", ".item", (event, item) => {
  if (!isFiles(event) || !areaOf(item)) return;
  event.preventDefault();
  areaOf(item).classList.add("is-target");
});
on("dragleave", ".item", (event, item) => {
  if (!item.contains(event.relatedTarget)) areaOf(item)?.classList.remove("is-target");
});
on("drop", ".item", (event, item) => {
  const area = areaOf(item);
  if (!isFiles(event) || !area) return;
  event.preventDefault();
  area.classList.remove("is-target");
  take([...event.dataTransfer.files], area, event.target.closest("textarea"));
});
on("paste", ".item", (event, item) => {
  const files = [...(event.clipboardData?.files ?? [])];
  // Text copied from an office program brings a picture of itself along: the text is meant.
  if (files.length === 0 || event.clipboardData.getData("text/plain")) return;
  event.preventDefault();
  take(files, areaOf(item), event.target.closest("textarea"));
});

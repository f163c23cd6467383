// Passkeys. form[data-passkey] asks the browser before it is sent: "get" for an answer of a passkey
// that is there, "create" for a new one. The question stands in data-passkey-question as JSON, or is
// fetched from data-passkey-options; the answer goes into its hidden field "credential".
import { behave } from "./behave.js";
import { t } from "./texts.js";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

const credentials = (list = []) => list.map((each) => ({ ...each, id: bytes(each.id) }));

/** The question as the browser takes it: texts become bytes. */
function question({ publicKey }) {
  const asked = { ...publicKey, challenge: bytes(publicKey.challenge) };
  if (asked.user) asked.user = { ...asked.user, id: bytes(asked.user.id) };
  if (asked.excludeCredentials) asked.excludeCredentials = credentials(asked.excludeCredentials);
  if (asked.allowCredentials) asked.allowCredentials = credentials(asked.allowCredentials);
  return { publicKey: asked };
}

/** The answer as it is sent: bytes become texts. */
function answer(credential) {
  const { response } = credential;
  const told = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"])
    if (response[name]) told[name] = text(response[name]);
  if (response.getTransports) told.transports = response.getTransports();
  return JSON.stringify({
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response: told,
  });
}

async function questionOf(form) {
  if (form.dataset.passkeyQuestion) return JSON.parse(form.dataset.passkeyQuestion);
  const reply = await fetch(form.dataset.passkeyOptions, { headers: { Accept: "application/json" } });
  if (!reply.ok) throw new Error("busy");
  return reply.json();
}

function words(error) {
  if (error.name === "NotAllowedError") return t("Nothing was chosen, or it took too long. Try again.");
  if (error.name === "InvalidStateError") return t("This device holds a passkey for you already.");
  if (error.name === "SecurityError") return t("The browser makes no passkeys for this address.");
  return t("That did not work. Wait a minute and try again, or use another way.");
}

behave("form[data-passkey]", (form) => {
  if (!window.PublicKeyCredential) return;
  form.hidden = false;
  const problem = form.querySelector("[data-passkey-problem]");
  form.addEventListener("submit", async (event) => {
    const field = form.elements.credential;
    if (field.value) return;
    event.preventDefault();
    problem.hidden = true;
    try {
      const ask = form.dataset.passkey === "create" ? "create" : "get";
      field.value = answer(await navigator.credentials[ask](question(await questionOf(form))));
      form.submit();
    } catch (error) {
      problem.textContent = words(error);
      problem.hidden = false;
    }
  });
});

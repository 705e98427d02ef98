// data-confirm="要做的事" on a form or a submit button asks once more, in a <dialog> that names what will happen.
import { words } from "./words.js";

function button(text, className, value) {
  const element = document.createElement("button");
  element.type = "submit";
  element.value = value;
  element.className = className;
  element.textContent = text;
  return element;
}

export function ask(text) {
  const dialog = document.createElement("dialog");
  dialog.className = "q-dialog";
  const form = document.createElement("form");
  form.method = "dialog";
  const sentence = document.createElement("p");
  sentence.id = "q-dialog-text";
  sentence.textContent = text;
  dialog.setAttribute("aria-labelledby", sentence.id);
  const row = document.createElement("div");
  row.className = "q-actions";
  row.append(button(words.confirm, "btn btn-primary", "yes"), button(words.cancel, "btn", "no"));
  form.append(sentence, row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

export function mountConfirm(root) {
  const forms = root.matches?.("form") ? [root] : root.querySelectorAll("form");
  for (const form of forms) {
    if (form.dataset.confirmReady || !(form.dataset.confirm || form.querySelector("[data-confirm]"))) continue;
    form.dataset.confirmReady = "1";
    form.addEventListener("submit", async (event) => {
      const text = event.submitter?.dataset.confirm || form.dataset.confirm;
      if (!text || form.dataset.confirmed) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!(await ask(text))) return;
      form.dataset.confirmed = "1";
      form.requestSubmit(event.submitter);
      delete form.dataset.confirmed;
    }, true);
  }
}

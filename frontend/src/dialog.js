// A small dialog that asks for one text. Resolves to the text, "" when it is to be removed, null when cancelled.
import { words } from "./words.js";

function button(text, className, value) {
  const element = document.createElement("button");
  element.type = "submit";
  element.value = value;
  element.className = className;
  element.textContent = text;
  return element;
}

export function askText({ title, help = "", value = "", longest, removable = false }) {
  const dialog = document.createElement("dialog");
  dialog.className = "q-dialog";
  const form = document.createElement("form");
  form.method = "dialog";
  const label = document.createElement("label");
  label.className = "form-label";
  label.textContent = title;
  label.htmlFor = "q-dialog-area";
  const area = document.createElement("textarea");
  area.id = "q-dialog-area";
  area.className = "form-control";
  area.rows = 3;
  area.maxLength = longest;
  area.value = value;
  const row = document.createElement("div");
  row.className = "q-actions mt-3";
  row.append(button(words.confirm, "btn btn-primary", "yes"));
  if (removable) row.append(button(words.editor.remove, "btn btn-outline-danger", "remove"));
  row.append(button(words.cancel, "btn", "no"));
  form.append(label);
  if (help) {
    const note = document.createElement("p");
    note.className = "q-help";
    note.textContent = help;
    form.append(note);
  }
  form.append(area, row);
  dialog.append(form);
  document.body.append(dialog);
  dialog.showModal();
  area.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve({ yes: area.value.replace(/\s+/g, " ").trim(), remove: "" }[dialog.returnValue] ?? null);
    });
  });
}

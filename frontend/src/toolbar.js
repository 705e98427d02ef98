// The bar above the editor: one tab stop, arrows inside, buttons that say what they do.
import { insertFootnote } from "./footnote.js";
import { choosePictures } from "./picture.js";
import { words } from "./words.js";

const TOOLS = [
  ["undo", "arrow-back-up", (chain) => chain.undo()],
  ["redo", "arrow-forward-up", (chain) => chain.redo()],
  null,
  ["heading3", "h-3", (chain) => chain.toggleHeading({ level: 3 }), ["heading", { level: 3 }]],
  ["heading4", "h-4", (chain) => chain.toggleHeading({ level: 4 }), ["heading", { level: 4 }]],
  ["bold", "bold", (chain) => chain.toggleBold(), ["bold"]],
  ["italic", "italic", (chain) => chain.toggleItalic(), ["italic"]],
  ["underline", "underline", (chain) => chain.toggleUnderline(), ["underline"]],
  ["bullets", "list", (chain) => chain.toggleBulletList(), ["bulletList"]],
  ["numbers", "list-numbers", (chain) => chain.toggleOrderedList(), ["orderedList"]],
  ["clear", "clear-formatting", (chain) => chain.unsetAllMarks().clearNodes()],
  null,
  ["table", "table-plus", (chain) => chain.insertTable({ rows: 3, cols: 3, withHeaderRow: true })],
  ["row", "row-insert-bottom", (chain) => chain.addRowAfter(), null, "table"],
  ["column", "column-insert-right", (chain) => chain.addColumnAfter(), null, "table"],
  ["dropRow", "row-remove", (chain) => chain.deleteRow(), null, "table"],
  ["dropColumn", "column-remove", (chain) => chain.deleteColumn(), null, "table"],
  ["header", "layout-navbar", (chain) => chain.toggleHeaderRow(), null, "table"],
  ["merge", "arrows-join", (chain) => chain.mergeCells(), null, "table"],
  ["split", "arrows-split", (chain) => chain.splitCell(), null, "table"],
  ["dropTable", "table-off", (chain) => chain.deleteTable(), null, "table"],
];

function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  drawing.append(use);
  return drawing;
}

function button(name, drawing, act) {
  const control = document.createElement("button");
  control.type = "button";
  control.title = words.editor[name];
  control.setAttribute("aria-label", words.editor[name]);
  control.append(icon(drawing));
  control.addEventListener("click", act);
  return control;
}

function gap() {
  const element = document.createElement("span");
  element.className = "q-editor-gap";
  return element;
}

/** `uploads` is null where the page takes no pictures. */
export function toolbar(editor, uploads) {
  const bar = document.createElement("div");
  bar.className = "q-editor-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.editor.toolbar);
  const updates = [];
  for (const tool of TOOLS) {
    if (!tool) {
      bar.append(gap());
      continue;
    }
    const [name, drawing, act, active, within] = tool;
    const control = button(name, drawing, () => act(editor.chain().focus()).run());
    bar.append(control);
    updates.push(() => {
      if (active) control.setAttribute("aria-pressed", String(editor.isActive(...active)));
      if (within) control.hidden = !editor.isActive(within);
    });
  }
  bar.append(gap());
  if (uploads) bar.append(button("picture", "photo-plus", () => choosePictures(editor, uploads)));
  bar.append(button("footnote", "superscript", () => insertFootnote(editor)));
  moveByArrows(bar);
  const update = () => updates.forEach((one) => one());
  editor.on("transaction", update);
  update();
  return bar;
}

/** One tab stop for the whole bar; arrows move inside it (the toolbar pattern of WAI-ARIA). */
function moveByArrows(bar) {
  const controls = [...bar.querySelectorAll("button")];
  controls.forEach((control, index) => { control.tabIndex = index ? -1 : 0; });
  bar.addEventListener("keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const shown = controls.filter((control) => !control.hidden);
    const next = shown[(shown.indexOf(document.activeElement) + step + shown.length) % shown.length];
    controls.forEach((control) => { control.tabIndex = control === next ? 0 : -1; });
    next.focus();
    event.preventDefault();
  });
}

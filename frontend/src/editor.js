// Mounts a rich text editor on every <textarea data-rich-text>. The textarea keeps its name and stays what the form
// posts; without scripts it is simply edited itself. What may stand in the text is decided by the server.
import { Editor } from "@tiptap/core";
import { TableKit, Table } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";
import { withoutStyles } from "./paste.js";
import { words } from "./words.js";

// Tables without the inline widths that a strict content security policy forbids.
const PlainTable = Table.extend({ renderHTML: () => ["table", ["tbody", 0]] });

const EXTENSIONS = [
  StarterKit.configure({
    heading: { levels: [3, 4] }, link: false, code: false, codeBlock: false, horizontalRule: false, blockquote: false,
  }),
  TableKit.configure({ table: false }),
  PlainTable.configure({ resizable: false }),
];

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

function toolbar(editor) {
  const bar = document.createElement("div");
  bar.className = "q-editor-bar";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", words.editor.toolbar);
  const updates = [];
  for (const tool of TOOLS) {
    if (!tool) {
      const gap = document.createElement("span");
      gap.className = "q-editor-gap";
      bar.append(gap);
      continue;
    }
    const [name, drawing, act, active, within] = tool;
    const control = document.createElement("button");
    control.type = "button";
    control.title = words.editor[name];
    control.setAttribute("aria-label", words.editor[name]);
    control.append(icon(drawing));
    control.addEventListener("click", () => act(editor.chain().focus()).run());
    bar.append(control);
    updates.push(() => {
      if (active) control.setAttribute("aria-pressed", String(editor.isActive(...active)));
      if (within) control.hidden = !editor.isActive(within);
    });
  }
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

function attributes(area) {
  const label = document.querySelector(`label[for="${CSS.escape(area.id)}"]`);
  if (label && !label.id) label.id = `${area.id}_label`;
  const found = { role: "textbox", "aria-multiline": "true", class: "q-rich" };
  if (label) found["aria-labelledby"] = label.id;
  else if (area.getAttribute("aria-label")) found["aria-label"] = area.getAttribute("aria-label");
  for (const name of ["aria-describedby", "aria-invalid"]) {
    if (area.hasAttribute(name)) found[name] = area.getAttribute(name);
  }
  if (area.required) found["aria-required"] = "true";
  return found;
}

function mount(area) {
  const box = document.createElement("div");
  box.className = "q-editor";
  const surface = document.createElement("div");
  const count = document.createElement("div");
  count.className = "q-editor-count";
  const readOnly = area.readOnly || area.disabled;
  const editor = new Editor({
    element: surface,
    extensions: EXTENSIONS,
    content: area.value,
    injectCSS: false,
    editable: !readOnly,
    editorProps: { attributes: attributes(area), transformPastedHTML: withoutStyles },
  });
  const recount = () => { count.textContent = words.characters(editor.getText().replace(/\s/g, "").length); };
  editor.on("update", () => {
    area.value = editor.isEmpty ? "" : editor.getHTML();
    area.dispatchEvent(new Event("input", { bubbles: true }));
    recount();
  });
  area.addEventListener("qingyuan:restored", () => editor.commands.setContent(area.value, { emitUpdate: false }));
  document.querySelector(`label[for="${CSS.escape(area.id)}"]`)?.addEventListener("click", () => editor.commands.focus());
  area.required = false; // a hidden field cannot show the browser's own complaint; the server says it
  area.hidden = true;
  area.after(box);
  if (!readOnly) box.append(toolbar(editor));
  box.append(surface, count);
  recount();
}

function start(root) {
  for (const area of root.querySelectorAll("textarea[data-rich-text]")) {
    if (!area.hidden) mount(area);
  }
}

function ready() {
  start(document);
  document.body.addEventListener("htmx:load", (event) => start(event.detail.elt));
}
if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();

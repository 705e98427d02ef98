// Mounts a rich text editor on every <textarea data-rich-text>. The textarea keeps its name and stays what the form
// posts; without scripts it is simply edited itself. What may stand in the text is decided by the server.
// data-pictures="/address/": pictures are sent there, and are found below it.
import { Editor } from "@tiptap/core";
import { TableKit, Table } from "@tiptap/extension-table";
import StarterKit from "@tiptap/starter-kit";
import { Footnote } from "./footnote.js";
import { readPasted } from "./paste.js";
import { insertPictures, pictures, Uploads } from "./picture.js";
import { toolbar } from "./toolbar.js";
import { announcer, words } from "./words.js";

// Tables without the inline widths that a strict content security policy forbids.
const PlainTable = Table.extend({ renderHTML: () => ["table", ["tbody", 0]] });

const EXTENSIONS = [
  StarterKit.configure({
    heading: { levels: [3, 4] }, link: false, code: false, codeBlock: false, horizontalRule: false, blockquote: false,
  }),
  TableKit.configure({ table: false }),
  PlainTable.configure({ resizable: false }),
  Footnote,
];

const picturesIn = (data) => [...(data?.files ?? [])].filter((file) => file.type.startsWith("image/"));

/** What pasting and dropping do; `uploads` is null where the page takes no pictures. */
function receiving(uploads, say, editor) {
  let files = [];
  return {
    handleDOMEvents: { paste: (_view, event) => { files = picturesIn(event.clipboardData); return false; } },
    transformPastedHTML: (html) => readPasted(html, {
      files, hold: (blob) => uploads?.hold(blob) ?? null, dropped: (count) => say(words.editor.dropped(count)),
    }),
    handlePaste: (_view, event) => {
      const data = event.clipboardData;
      if (!uploads || !files.length || data.getData("text/html") || data.getData("text/plain")) return false;
      insertPictures(editor(), uploads, files);
      return true;
    },
    handleDrop: (view, event, _slice, moved) => {
      const dropped = picturesIn(event.dataTransfer);
      if (moved || !uploads || !dropped.length) return false;
      event.preventDefault();
      const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
      insertPictures(editor(), uploads, dropped, place?.pos ?? null);
      return true;
    },
  };
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
  const notice = announcer("q-editor-notice");
  const say = (text) => { notice.textContent = text; };
  const readOnly = area.readOnly || area.disabled;
  const uploads = area.dataset.pictures ? new Uploads(area.dataset.pictures) : null;
  if (uploads) uploads.complain = say;
  const editor = new Editor({
    element: surface,
    // Without an upload address pictures that stand in the text are still kept.
    extensions: [...EXTENSIONS, pictures(uploads ?? new Uploads(""))],
    content: area.value,
    injectCSS: false,
    editable: !readOnly,
    editorProps: { attributes: attributes(area), ...receiving(uploads, say, () => editor) },
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
  if (!readOnly) box.append(toolbar(editor, uploads));
  box.append(notice, surface, count);
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

// A picture is a block of its own: <img data-upload="UUID" alt="图题">. Its address is added only for showing. A new one
// is uploaded through the gate while it already stands in the text; a refused one leaves the text, with the reason.
import { Node } from "@tiptap/core";
import { NodeSelection, Plugin, TextSelection } from "@tiptap/pm/state";
import { askText } from "./dialog.js";
import { freshToken } from "./token.js";
import { words } from "./words.js";

const LONGEST = 120;
const KINDS = new Set(["image/png", "image/jpeg"]);

/** Pictures on their way, by a number that stands in the node until the upload is there. */
export class Uploads {
  constructor(address) {
    this.address = address;
    this.waiting = new Map();
    this.last = 0;
    this.complain = () => {};
  }

  hold(file) {
    if (!KINDS.has(file.type)) {
      this.complain(words.editor.pictureFailed(file.name ?? "", words.editor.notPicture));
      return null;
    }
    this.last += 1;
    this.waiting.set(String(this.last), file);
    return String(this.last);
  }

  async send(number) {
    const file = this.waiting.get(number);
    if (!file) return null;
    this.waiting.delete(number); // a node that is drawn twice is sent once
    const body = new FormData();
    body.append("file", file, file.name || `picture.${file.type === "image/png" ? "png" : "jpg"}`);
    let reason = words.editor.pictureUnknown;
    try {
      const response = await fetch(this.address, {
        method: "POST", body, redirect: "manual",
        headers: { "X-CSRFToken": freshToken() ?? "", Accept: "application/json" },
      });
      const answer = await response.json().catch(() => ({}));
      if (response.ok) return answer.upload;
      reason = answer.reason ?? reason;
    } catch { /* no network */ }
    this.complain(words.editor.pictureFailed(file.name ?? "", reason));
    return null;
  }
}

class PictureView {
  constructor({ node, view, getPos }, uploads) {
    Object.assign(this, { node, view, getPos, uploads });
    this.dom = document.createElement("figure");
    this.dom.className = "q-figure";
    this.image = document.createElement("img");
    this.caption = document.createElement("button");
    this.caption.type = "button";
    this.caption.className = "q-caption";
    this.caption.contentEditable = "false";
    this.caption.addEventListener("click", () => this.ask());
    this.dom.append(this.image, this.caption);
    this.draw();
    if (node.attrs.pending) this.upload();
  }

  draw() {
    const { upload, alt, pending } = this.node.attrs;
    const shown = this.image.getAttribute("src") ?? "";
    const address = upload ? `${this.uploads.address}${upload}/` : "";
    if (address && shown !== address) this.image.src = address;
    this.image.alt = alt;
    this.caption.disabled = !this.view.editable;
    this.caption.textContent = pending ? words.editor.uploading : alt || words.editor.caption;
    this.caption.classList.toggle("q-empty-caption", !alt);
  }

  async upload() {
    const upload = await this.uploads.send(this.node.attrs.pending);
    const pos = this.getPos();
    if (pos === undefined) return;
    const step = this.view.state.tr.setMeta("addToHistory", false);
    this.view.dispatch(upload
      ? step.setNodeMarkup(pos, undefined, { ...this.node.attrs, upload, pending: null })
      : step.delete(pos, pos + this.node.nodeSize));
  }

  async ask() {
    const alt = await askText({
      title: words.editor.caption, help: words.editor.captionHelp, value: this.node.attrs.alt, longest: LONGEST,
    });
    const pos = this.getPos();
    if (alt !== null && pos !== undefined) {
      this.view.dispatch(this.view.state.tr.setNodeMarkup(pos, undefined, { ...this.node.attrs, alt }));
    }
    this.view.focus();
  }

  update(node) {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  stopEvent(event) {
    return this.caption.contains(event.target);
  }

  ignoreMutation() {
    return true;
  }
}

/** After a picture came in, the cursor stands behind it: what is typed or pasted next must not replace it. */
function stepPast(before, after) {
  const { selection, doc, schema } = after;
  const isNew = selection instanceof NodeSelection && selection.node.type.name === "picture"
    && doc.content.size > before.doc.content.size;
  if (!isNew) return null;
  const step = after.tr;
  const behind = doc.resolve(selection.to).nodeAfter;
  if (!behind?.isTextblock) step.insert(selection.to, schema.nodes.paragraph.create());
  return step.setSelection(TextSelection.create(step.doc, selection.to + 1));
}

export const pictures = (uploads) => Node.create({
  name: "picture",
  group: "block",
  atom: true,
  draggable: true,
  addAttributes: () => ({
    upload: { default: null, parseHTML: (element) => element.dataset.upload ?? null, rendered: false },
    pending: { default: null, parseHTML: (element) => element.dataset.pending ?? null, rendered: false },
    alt: { default: "", parseHTML: (element) => element.getAttribute("alt") ?? "", rendered: false },
  }),
  parseHTML: () => [{ tag: "img[data-upload]" }, { tag: "img[data-pending]" }],
  renderHTML: ({ node }) => ["img", node.attrs.upload ? { "data-upload": node.attrs.upload, alt: node.attrs.alt } : {}],
  addProseMirrorPlugins: () => [new Plugin({ appendTransaction: (steps, before, after) => stepPast(before, after) })],
  addNodeView: () => (options) => new PictureView(options, uploads),
});

/** Put picture files into the text at the selection, or at `pos`. */
export function insertPictures(editor, uploads, files, pos = null) {
  const nodes = [...files].map((file) => uploads.hold(file)).filter(Boolean)
    .map((pending) => ({ type: "picture", attrs: { pending } }));
  if (!nodes.length) return;
  editor.chain().focus().insertContentAt(pos ?? editor.state.selection.to, nodes).run();
}

export function choosePictures(editor, uploads) {
  const input = document.createElement("input");
  input.type = "file";
  input.accept = ".png,.jpg,.jpeg";
  input.multiple = true;
  input.addEventListener("change", () => insertPictures(editor, uploads, input.files));
  input.click();
}

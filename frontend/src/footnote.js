// A footnote in the line: <span data-footnote="文字"></span>. Its number is made by a CSS counter; a click opens its text.
import { Node } from "@tiptap/core";
import { NodeSelection, Plugin } from "@tiptap/pm/state";
import { askText } from "./dialog.js";
import { words } from "./words.js";

const LONGEST = 2000;

async function edit(view, pos) {
  const node = view.state.doc.nodeAt(pos);
  const text = await askText({
    title: words.editor.footnoteText, value: node.attrs.text, longest: LONGEST, removable: true,
  });
  view.focus();
  if (text === null || view.state.doc.nodeAt(pos)?.type !== node.type) return;
  const step = view.state.tr;
  view.dispatch(text ? step.setNodeMarkup(pos, undefined, { text }) : step.delete(pos, pos + 1));
}

export async function insertFootnote(editor) {
  const { to } = editor.state.selection;
  const text = await askText({ title: words.editor.footnoteText, longest: LONGEST });
  if (text) editor.chain().focus().insertContentAt(to, { type: "footnote", attrs: { text } }).run();
  else editor.commands.focus();
}

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  addAttributes: () => ({
    text: { default: "", parseHTML: (element) => element.dataset.footnote, rendered: false },
  }),
  parseHTML: () => [{ tag: "span[data-footnote]" }],
  renderHTML: ({ node }) => ["span", { "data-footnote": node.attrs.text }],
  addProseMirrorPlugins: () => [new Plugin({
    props: {
      handleClickOn(view, _pos, node, nodePos) {
        if (node.type.name !== "footnote" || !view.editable) return false;
        edit(view, nodePos);
        return true;
      },
      handleKeyDown(view, event) {
        const { selection } = view.state;
        if (event.key !== "Enter" || !(selection instanceof NodeSelection)) return false;
        if (selection.node.type.name !== "footnote") return false;
        edit(view, selection.from);
        return true;
      },
    },
  })],
});

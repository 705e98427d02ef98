// #paragraph-3 in the address of a chapter brings the third block of its text into view and selects it, in the editor
// as in the text that is only read. The editor mounts later than the page, so it is waited for.
const PLACE = /^#paragraph-(\d{1,5})$/;
const TRIES = 30;

function show(tries) {
  const place = PLACE.exec(window.location.hash);
  if (!place) return;
  const text = document.querySelector(".ProseMirror") ?? document.querySelector(".q-prose");
  const block = text?.children[Number(place[1]) - 1];
  if (!block) {
    if (tries > 0) setTimeout(() => show(tries - 1), 100);
    return;
  }
  block.scrollIntoView({ block: "center" });
  const range = document.createRange();
  range.selectNodeContents(block);
  const selection = window.getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}

export function mountParagraphs() {
  window.addEventListener("hashchange", () => show(0));
  show(TRIES);
}

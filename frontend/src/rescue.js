// Offers a text that an earlier visit left in this browser, with what differs from the server's text.
import { compare, linesOf } from "./textlines.js";
import { words } from "./words.js";

const MOST_LINES = 60;

function control(text, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn btn-sm";
  button.textContent = text;
  button.addEventListener("click", act);
  return button;
}

function difference(server, local) {
  const box = document.createElement("div");
  box.className = "q-diff";
  const lines = compare(linesOf(server), linesOf(local)).filter(([op]) => op !== "same");
  for (const [op, line] of lines.slice(0, MOST_LINES)) {
    const row = document.createElement("p");
    const mark = document.createElement(op);
    mark.textContent = line;
    row.append(mark);
    box.append(row);
  }
  if (!lines.length) box.append(words.onlyFormat);
  if (lines.length > MOST_LINES) box.append(words.moreLines(lines.length - MOST_LINES));
  return box;
}

/** `copy` as LocalCopy keeps it; `server` is the text on the page; `isNewer`: the server's text was saved after the copy. */
export function offer({ copy, server, isNewer, restore, discard }) {
  const box = document.createElement("div");
  box.className = "alert alert-warning q-rescue";
  box.setAttribute("role", "alert");
  const title = document.createElement("p");
  const time = new Date(copy.at).toLocaleString(document.documentElement.lang, { hour12: false });
  title.textContent = words.found(time) + (isNewer ? words.foundNewer : words.foundOlder);
  const details = document.createElement("details");
  details.open = true;
  const summary = document.createElement("summary");
  summary.textContent = words.foundDifference;
  const local = copy.fields.find(([name]) => name === "html")?.[1] ?? "";
  details.append(summary, difference(server, local));
  const row = document.createElement("div");
  row.className = "q-actions";
  row.append(
    control(words.restore, () => { box.remove(); restore(); }),
    control(words.discard, () => { box.remove(); discard(); }),
  );
  box.append(title, details, row);
  return box;
}

// A text as lines, to tell whether two texts are the same and to show what differs. Reads, never writes, markup.
const BLOCKS = new Set(["P", "H1", "H2", "H3", "H4", "H5", "LI", "TR", "DIV", "BLOCKQUOTE", "TABLE", "UL", "OL", "IMG", "BR"]);
const COUNTED = "strong,b,em,i,u,s,h3,h4,h5,li,table,tr,td,th,img";

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html").body;
}

export function linesOf(html) {
  const lines = [""];
  const walk = (node) => {
    if (node.nodeType === Node.TEXT_NODE) {
      lines[lines.length - 1] += node.data;
      return;
    }
    const block = BLOCKS.has(node.tagName);
    if (block) lines.push("");
    if (node.tagName === "IMG") lines[lines.length - 1] += `〔图：${node.getAttribute("alt") ?? ""}〕`;
    if (node.dataset?.footnote) lines[lines.length - 1] += `〔注：${node.dataset.footnote}〕`;
    for (const child of node.childNodes) walk(child);
    if (node.tagName === "TD" || node.tagName === "TH") lines[lines.length - 1] += "\t";
    if (block) lines.push("");
  };
  walk(parse(html));
  return lines.map((line) => line.replace(/[ \n\u00a0]+/g, " ").trim()).filter(Boolean);
}

export function isSame(one, other) {
  return signature(one) === signature(other);
}

function signature(html) {
  const body = parse(html);
  const counts = {};
  for (const element of body.querySelectorAll(COUNTED)) {
    const name = `${element.tagName}${element.dataset.upload ?? ""}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return JSON.stringify([linesOf(html), Object.entries(counts).sort()]);
}

/** Pairs of ["same" | "del" | "ins", line], the changed middle of the two only. */
export function compare(before, after) {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < Math.min(before.length, after.length) - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  if (old.length * fresh.length > 1_000_000) {
    return [...old.map((line) => ["del", line]), ...fresh.map((line) => ["ins", line])];
  }
  // Longest common subsequence, from the end.
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(fresh.length + 1));
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = fresh.length - 1; j >= 0; j -= 1) {
      table[i][j] = old[i] === fresh[j] ? table[i + 1][j + 1] + 1 : Math.max(table[i + 1][j], table[i][j + 1]);
    }
  }
  const found = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < fresh.length) {
    if (i < old.length && j < fresh.length && old[i] === fresh[j]) {
      found.push(["same", old[i]]);
      i += 1;
      j += 1;
    } else if (i < old.length && (j === fresh.length || table[i + 1][j] >= table[i][j + 1])) {
      found.push(["del", old[i]]);
      i += 1;
    } else {
      found.push(["ins", fresh[j]]);
      j += 1;
    }
  }
  return found;
}

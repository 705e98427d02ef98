// Word and WPS put styles into everything they paste. They are taken out of the text before the browser sees them, because
// a strict content security policy would report each one. Pictures that the clipboard holds itself go through the upload
// gate; those it only names (on the writer's disk, on another site) cannot be read, and the writer is told.
const BLOCKS = /<!--[\s\S]*?-->|<(style|script|xml|title)\b[\s\S]*?<\/\1\s*>|<(?:meta|link|base)\b[^>]*>/gi;
const PICTURE = /<img\b(?:"[^"]*"|'[^']*'|[^'">])*>/gi;
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi;
const ATTRIBUTE = /\s(?:style|on\w+|background|bgcolor)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;
const DATA = /^data:(image\/(?:png|jpe?g));base64,/i;
const OURS = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function attribute(tag, name) {
  const found = tag.match(new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s>]+))`, "i"));
  return found ? found[1] ?? found[2] ?? found[3] ?? "" : "";
}

function decode(address) {
  const kind = address.match(DATA)[1].toLowerCase().replace("jpg", "jpeg");
  try {
    const bytes = Uint8Array.from(atob(address.slice(address.indexOf(",") + 1).replace(/\s/g, "")), (c) => c.charCodeAt(0));
    return new Blob([bytes], { type: kind });
  } catch {
    return null;
  }
}

/**
 * Pasted HTML as the editor may read it. `hold(blob)` takes a picture to be uploaded and gives its number, or null;
 * `files` are the picture files that came with it; `dropped(n)` hears how many pictures had to be left out.
 */
export function readPasted(html, { hold, files = [], dropped = () => {} }) {
  const bare = html.replace(BLOCKS, "");
  const unreadable = [...bare.matchAll(PICTURE)].filter(([tag]) =>
    !OURS.test(attribute(tag, "data-upload")) && !DATA.test(attribute(tag, "src")));
  // A copied picture comes twice: named in the HTML, and as a file. A file beside text alone is only its preview.
  const paired = unreadable.length === files.length ? [...files] : [];
  let lost = 0;
  const text = bare.replace(PICTURE, (tag) => {
    const alt = attribute(tag, "alt").replace(/["<>]/g, "");
    const upload = attribute(tag, "data-upload");
    if (OURS.test(upload)) return `<img data-upload="${upload}" alt="${alt}">`;
    const address = attribute(tag, "src");
    const blob = DATA.test(address) ? decode(address) : paired.shift();
    const number = blob ? hold(blob) : null;
    if (!number) lost += 1;
    return number ? `<img data-pending="${number}" alt="${alt}">` : "";
  });
  if (lost) dropped(lost);
  return text.replace(TAG, (tag) => tag.replace(ATTRIBUTE, ""));
}

// Word puts styles into everything it pastes. They are taken out of the text before the browser sees them, because a
// strict content security policy would report each one. What may stay is decided by the editor and by the server.
const BLOCKS = /<!--[\s\S]*?-->|<(style|script|xml|title)\b[\s\S]*?<\/\1\s*>|<(?:meta|link|img|base)\b[^>]*>/gi;
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi;
const ATTRIBUTE = /\s(?:style|on\w+)\s*=\s*(?:"[^"]*"|'[^']*'|[^\s>]+)/gi;

export function withoutStyles(html) {
  return html.replace(BLOCKS, "").replace(TAG, (tag) => tag.replace(ATTRIBUTE, ""));
}

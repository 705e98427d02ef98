// <span class="q-due" data-deadline="2022-06-30T10:00:00Z"><span data-left>还剩 3 天</span></span>
// The server's clock counts, not the reader's: <meta name="qingyuan-now"> says what it showed when the page was made.
import { words } from "./words.js";

const meta = document.querySelector('meta[name="qingyuan-now"]');
const offset = meta ? Date.parse(meta.content) - Date.now() : 0;
const HOUR = 3600;
const DAY = 24 * HOUR;
let timer = null;

export function remaining(seconds) {
  if (seconds <= 0) return words.due;
  const days = Math.floor(seconds / DAY);
  const hours = Math.floor((seconds % DAY) / HOUR);
  const minutes = Math.floor((seconds % HOUR) / 60);
  if (days >= 3) return words.left(words.days(days));
  if (days > 0) return words.left(`${words.days(days)} ${words.hours(hours)}`);
  if (hours > 0) return words.left(`${words.hours(hours)} ${words.minutes(minutes)}`);
  return words.left(`${words.minutes(minutes)} ${words.seconds(Math.floor(seconds % 60))}`);
}

function tone(seconds) {
  if (seconds <= 0) return "past";
  if (seconds <= DAY) return "bad";
  return seconds <= 3 * DAY ? "warn" : "info";
}

function tick() {
  let nearest = Infinity;
  for (const element of document.querySelectorAll("[data-deadline]")) {
    const seconds = (Date.parse(element.dataset.deadline) - (Date.now() + offset)) / 1000;
    const text = element.querySelector("[data-left]");
    const written = remaining(seconds);
    if (text && text.textContent !== written) text.textContent = written;
    element.dataset.tone = tone(seconds);
    if (seconds > 0) nearest = Math.min(nearest, seconds);
  }
  clearTimeout(timer);
  if (nearest !== Infinity) timer = setTimeout(tick, nearest < HOUR ? 1000 : 30_000);
}

export function mountCountdowns(root) {
  if (root.querySelector("[data-deadline]")) tick();
}

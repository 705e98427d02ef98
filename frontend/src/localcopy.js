// What is typed and not yet confirmed by the server stands in this browser's local storage, per person and address:
// it survives a closed tab, a dead network and a lost session. Signing out clears it (office computers are shared).
import { ask } from "./confirm.js";
import { forgetVisits } from "./visitstore.js";
import { words } from "./words.js";

const PREFIX = "qingyuan-draft:";
const LONGEST = 30 * 24 * 3600 * 1000;
const MOST_OFFERS = 3;

let isSigningOut = false;

const person = () => document.body.dataset.person || "-";

/** The copies of one form: `now` is what is being typed, `offers` what an earlier visit left and nobody has decided on. */
export class LocalCopy {
  constructor(address) {
    this.place = `${PREFIX}${person()}:${address}`;
    this.offers = [];
  }

  read() {
    try {
      const found = JSON.parse(localStorage.getItem(this.place));
      return found ? [found.now, ...(found.offers ?? [])].filter(Boolean) : [];
    } catch {
      return [];
    }
  }

  /** Returns whether the copy stands. */
  keep(copy) {
    if (isSigningOut) return true; // leaving the page must not put back what was just cleared
    try {
      localStorage.setItem(this.place, JSON.stringify({ now: copy, offers: this.offers }));
      return true;
    } catch {
      return false;
    }
  }

  /** The server has the text: only what is still undecided stays. */
  forget() {
    try {
      if (this.offers.length) localStorage.setItem(this.place, JSON.stringify({ now: null, offers: this.offers }));
      else localStorage.removeItem(this.place);
    } catch { /* closed */ }
  }

  offer(copies) {
    this.offers = copies.slice(0, MOST_OFFERS);
  }
}

function places() {
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  } catch {
    return [];
  }
}

function forgetMine() {
  forgetVisits();
  for (const key of places()) if (key.startsWith(`${PREFIX}${person()}:`)) localStorage.removeItem(key);
}

/** Copies whose form was sent and answered by another page are saved; very old ones of anybody are gone. */
function settle() {
  const mine = `${PREFIX}${person()}:`;
  const from = document.referrer.startsWith(location.origin) ? new URL(document.referrer).pathname : "";
  for (const key of places()) {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      const latest = Math.max(0, ...[found.now, ...(found.offers ?? [])].filter(Boolean).map((copy) => copy.at));
      const arrived = found.now?.sent && key === mine + from && location.pathname !== from;
      if (Date.now() - latest > LONGEST || (arrived && !found.offers?.length)) localStorage.removeItem(key);
    } catch {
      localStorage.removeItem(key);
    }
  }
}

export function startLocalCopies() {
  settle();
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (!(form.getAttribute("action") ?? "").endsWith("/logout/")) return;
    const kept = places().some((key) => key.startsWith(`${PREFIX}${person()}:`));
    if (kept && !form.dataset.agreed) {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (!(await ask(words.signOutKept))) return;
      form.dataset.agreed = "1";
      form.requestSubmit();
      return;
    }
    isSigningOut = true;
    forgetMine();
  }, true);
}

// <form data-autosave="/address/"> posts itself two seconds after typing stops (eight at most while it goes on), with the header X-Autosave: 1, and when
// the page is left. Answers: 200 {"revision": n} (kept in the form's hidden field `revision`); 409 somebody else changed
// it; 403/422 {"reason": "…"}; a redirect or 401 means signed out. Until the server has confirmed a text, a copy stands
// in this browser (localcopy.js) and is offered back. `data-unsaved`: the server sent the text back without saving it.
// `data-hold`: copies are kept, but nothing is sent by itself.
import { LocalCopy } from "./localcopy.js";
import { offer } from "./rescue.js";
import { isSame } from "./textlines.js";
import { refreshToken } from "./token.js";
import { announcer, words } from "./words.js";

const PAUSE = 2000;
const LONGEST_WAIT = 8000;
const KEEP_PAUSE = 400;
const RETRY = 15_000;
const TIMEOUT = 30_000;
const KEEPALIVE_LIMIT = 60_000; // browsers send no more than 64 KiB after a page is gone

class Autosave {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.autosave;
    this.local = new LocalCopy(this.address);
    this.line = form.querySelector("[data-autosave-state]") ?? form.appendChild(announcer("q-savestate"));
    this.line.setAttribute("role", "status");
    this.version = 0; // counts changes; what the server confirmed is `safe`
    this.safe = 0;
    this.isKept = true;
    this.isHeld = "hold" in form.dataset;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => { if (!event.defaultPrevented) this.submitted(); });
    window.addEventListener("beforeunload", (event) => { if (this.isDirty && !this.isKept) event.preventDefault(); });
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", (event) => { if (event.persisted && this.hasLeft) location.reload(); });
    window.addEventListener("online", () => { if (this.isDirty) this.later(0); });
    window.addEventListener("offline", () => { if (this.isDirty) this.failed(words.offline); });
    document.addEventListener("visibilitychange", () => { if (document.hidden && this.isDirty) { this.keep(); this.later(0); } });
    this.offerCopies();
  }

  get isDirty() {
    return this.version > this.safe;
  }

  get text() {
    return this.form.elements.namedItem("html")?.value ?? "";
  }

  fields() {
    return [...new FormData(this.form)].filter(([name, value]) =>
      typeof value === "string" && name !== "csrfmiddlewaretoken" && name !== "key");
  }

  say(text, state) {
    this.line.textContent = text;
    this.line.dataset.state = state;
  }

  changed() {
    this.version += 1;
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), KEEP_PAUSE);
    if (this.isHeld) return;
    this.say(words.unsaved, "dirty");
    this.since ??= Date.now();
    this.later(Math.min(PAUSE, Math.max(0, this.since + LONGEST_WAIT - Date.now())));
  }

  keep(more = {}) {
    clearTimeout(this.keeping);
    if (this.isDirty || more.sent) {
      this.isKept = this.local.keep({
        at: Date.now(), base: this.form.elements.namedItem("revision")?.value ?? "", fields: this.fields(), ...more,
      });
    }
  }

  later(pause) {
    clearTimeout(this.timer);
    if (!this.isHeld) this.timer = setTimeout(() => this.save(), pause);
  }

  async save() {
    if (this.isHeld) return;
    if (this.isSaving) return this.later(PAUSE);
    this.isSaving = true;
    this.keep();
    const version = this.version;
    this.since = null;
    this.say(words.saving, "busy");
    refreshToken(this.form);
    try {
      const response = await fetch(this.address, { ...this.request(), signal: AbortSignal.timeout(TIMEOUT) });
      await this.answered(response, version);
    } catch {
      this.failed(words.offline);
    } finally {
      this.isSaving = false;
    }
  }

  request() {
    return {
      method: "POST", body: new FormData(this.form), redirect: "manual",
      headers: { "X-Autosave": "1", Accept: "application/json" },
    };
  }

  async answered(response, version) {
    if (response.ok) return this.done(await response.json(), version);
    if (response.type === "opaqueredirect" || response.status === 401) return this.failed(words.signedOut);
    if (response.status === 409) return this.stop(words.conflict, { compare: true });
    if (response.status >= 500) return this.failed(words.saveFailed);
    const answer = await response.json().catch(() => ({}));
    return this.stop(words.refused + (answer.reason ?? response.status));
  }

  done(answer, version) {
    const field = this.form.elements.namedItem("revision");
    if (field && answer.revision !== undefined) field.value = answer.revision;
    this.form.dispatchEvent(new CustomEvent("qingyuan:saved", { bubbles: true }));
    this.safe = version;
    if (this.isDirty) return this.later(PAUSE);
    clearTimeout(this.keeping);
    this.local.forget();
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false });
    this.say(words.saved(time), "saved");
  }

  failed(text) {
    this.keep();
    this.say(text + (this.isKept ? words.kept : words.notKept), "failed");
    this.later(RETRY);
  }

  /** Trying again cannot help: a person has to decide. */
  stop(text, { compare = false } = {}) {
    this.keep();
    this.isHeld = true;
    this.say(text + (this.isKept ? words.keptHere : words.notKept), "failed");
    if (!compare) return;
    const button = document.createElement("button");
    button.type = "submit";
    button.className = "btn btn-sm";
    button.textContent = words.compare;
    this.line.append(" ", button);
  }

  submitted() {
    // The copy stays until a page shows that the server has the text: the network may fail right now.
    this.keep({ sent: true });
    this.isSubmitted = true;
    clearTimeout(this.timer);
  }

  leave() {
    if (!this.isDirty || this.isSubmitted) return;
    this.keep();
    if (this.isHeld) return;
    refreshToken(this.form);
    const size = this.fields().reduce((sum, [, value]) => sum + new Blob([value]).size, 0);
    if (size > KEEPALIVE_LIMIT) return;
    this.hasLeft = true;
    fetch(this.address, { ...this.request(), keepalive: true }).catch(() => {});
  }

  offerCopies() {
    const isUnsaved = "unsaved" in this.form.dataset;
    const copies = this.local.read().filter((copy) =>
      !isSame(copy.fields?.find(([name]) => name === "html")?.[1] ?? "", this.text));
    if (isUnsaved) this.version += 1;
    this.local.offer(copies);
    if (isUnsaved) this.keep();
    else this.local.forget();
    const server = this.text;
    const revision = Number(this.form.elements.namedItem("revision")?.value ?? 0);
    for (const copy of [...copies].reverse()) {
      const decide = () => {
        this.local.offer(this.local.offers.filter((other) => other !== copy));
        if (this.isDirty) this.keep();
        else this.local.forget();
      };
      this.form.prepend(offer({
        copy, server, isNewer: revision > Number(copy.base || 0),
        restore: () => { this.restore(copy); decide(); },
        discard: decide,
      }));
    }
  }

  restore(copy) {
    for (const [name, value] of copy.fields) {
      const field = this.form.elements.namedItem(name);
      if (!field || name === "revision" || !("value" in field) || field.type === "checkbox") continue;
      field.value = value;
      field.dispatchEvent(new CustomEvent("qingyuan:restored", { bubbles: true }));
    }
    this.changed();
  }
}

export function mountAutosave(root) {
  for (const form of root.querySelectorAll("form[data-autosave]")) {
    if (form.dataset.autosaveReady) continue;
    form.dataset.autosaveReady = "1";
    new Autosave(form);
  }
}

// <form data-autosave="/address/"> posts itself two seconds after typing stops, with the header X-Autosave: 1.
// Answers: 200 {"revision": n} (kept in the form's hidden field `revision`); 409 somebody else changed it;
// 403/422 {"reason": "…"}; a redirect or 401 means signed out. Whatever fails, the text stays in the page and,
// until it is saved, in this tab's session storage.
import { refreshToken } from "./token.js";
import { announcer, words } from "./words.js";

const PAUSE = 2000;
const RETRY = 15_000;

class Autosave {
  constructor(form) {
    this.form = form;
    this.address = form.dataset.autosave;
    this.place = `qingyuan-draft:${this.address}`;
    this.line = form.querySelector("[data-autosave-state]") ?? form.appendChild(announcer("q-savestate"));
    this.line.setAttribute("role", "status");
    this.timer = null;
    this.dirty = false;
    this.stopped = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", () => { this.dirty = false; this.forget(); });
    window.addEventListener("beforeunload", (event) => { if (this.dirty) event.preventDefault(); });
    this.offerRescue();
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
    this.dirty = true;
    if (this.stopped) return;
    this.say(words.unsaved, "dirty");
    this.later(PAUSE);
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  async save() {
    this.dirty = false;
    this.say(words.saving, "busy");
    refreshToken(this.form);
    try {
      const response = await fetch(this.address, {
        method: "POST", body: new FormData(this.form), redirect: "manual",
        headers: { "X-Autosave": "1", Accept: "application/json" },
      });
      if (response.ok) return this.done(await response.json());
      if (response.type === "opaqueredirect" || response.status === 401) return this.failed(words.signedOut);
      if (response.status === 409) return this.stop(words.conflict);
      if (response.status >= 500) return this.failed(words.saveFailed);
      const answer = await response.json().catch(() => ({}));
      return this.stop(words.refused + (answer.reason ?? response.status));
    } catch {
      return this.failed(words.saveFailed);
    }
  }

  done(answer) {
    const field = this.form.elements.namedItem("revision");
    if (field && answer.revision !== undefined) field.value = answer.revision;
    this.form.dispatchEvent(new CustomEvent("qingyuan:saved", { bubbles: true }));
    if (this.dirty) return;
    this.forget();
    const time = new Date().toLocaleTimeString(document.documentElement.lang, { hour12: false });
    this.say(words.saved(time), "saved");
  }

  failed(text) {
    this.dirty = true;
    this.keep();
    this.say(text, "failed");
    this.later(RETRY);
  }

  stop(text) {
    this.dirty = true;
    this.stopped = true;
    this.keep();
    this.say(text, "failed");
  }

  keep() {
    try { sessionStorage.setItem(this.place, JSON.stringify(this.fields())); } catch { /* storage is full or closed */ }
  }

  forget() {
    try { sessionStorage.removeItem(this.place); } catch { /* closed */ }
  }

  offerRescue() {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(this.place)); } catch { return; }
    if (!kept) return;
    const box = document.createElement("div");
    box.className = "alert alert-warning q-rescue";
    box.setAttribute("role", "alert");
    const choose = (text, act) => {
      const control = document.createElement("button");
      control.type = "button";
      control.className = "btn btn-sm";
      control.textContent = text;
      control.addEventListener("click", () => { act(); box.remove(); });
      return control;
    };
    box.append(words.found, choose(words.restore, () => this.restore(kept)), choose(words.discard, () => this.forget()));
    this.form.prepend(box);
  }

  restore(kept) {
    for (const [name, value] of kept) {
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

// The checklist of a site visit. Every form also works by itself; with scripts each change is first kept on the device and
// then sent, so that a phone without network loses nothing. Each change has a key of its own (sent twice, it counts once)
// and says on which revision it was made (somebody else's newer answer comes back beside it and a person decides).
import { ask } from "./confirm.js";
import { freshToken } from "./token.js";
import { Store, cacheName } from "./visitstore.js";
import { words } from "./words.js";

const RETRY = 15_000;
const TIMEOUT = 60_000;
const say = words.visit;

const newKey = () => {
  // randomUUID needs https; plain http inside an office network has getRandomValues.
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};

class Checklist {
  constructor(root, store) {
    this.root = root;
    this.store = store;
    this.visit = root.dataset.visit;
    this.line = root.querySelector("[data-visit-state]");
    this.first = this.line.textContent;
    for (const form of root.querySelectorAll("form[data-visit-answer]")) {
      form.addEventListener("change", () => this.answered(form));
      form.addEventListener("submit", (event) => { event.preventDefault(); this.answered(form); });
    }
    for (const form of root.querySelectorAll("form[data-visit-photo]")) {
      form.addEventListener("submit", (event) => { event.preventDefault(); this.photographed(form); });
    }
    this.button("take", () => this.take());
    this.button("sync", () => this.sync());
    this.button("clear", () => this.clear());
    root.querySelector("[data-visit-help]").hidden = false;
    window.addEventListener("online", () => this.sync());
    window.addEventListener("offline", () => this.show());
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.sync(); });
    setInterval(() => this.sync(), RETRY);
  }

  button(name, act) {
    const button = this.root.querySelector(`[data-visit-${name}]`);
    button.hidden = false;
    button.addEventListener("click", act);
  }

  item(position) {
    return this.root.querySelector(`[data-visit-item="${position}"]`);
  }

  async start() {
    for (const change of await this.store.of(this.visit)) this.apply(change);
    await this.show();
    await this.sync();
  }

  /** What waits on the device stands in the forms, whatever the kept page says. */
  apply(change) {
    const item = this.item(change.position);
    if (!item) return;
    for (const fold of item.querySelectorAll("details:has(form)")) fold.open = true; // what waits is seen
    if (change.kind === "photo") return this.listPhoto(change);
    const form = item.querySelector("form[data-visit-answer]");
    if (!form) return;
    fill(form, change);
    if (change.state === "conflict") this.conflict(change);
    this.mark(change.position, change.state === "refused" ? say.refused(change.reason) : say.waiting);
  }

  mark(position, text) {
    const line = this.item(position)?.querySelector("[data-visit-line]");
    if (line) line.textContent = text;
  }

  /** One after the other: two fields left at once must not both think that they are the first change. */
  inOrder(act) {
    this.turn = (this.turn ?? Promise.resolve()).then(act, act);
    return this.turn;
  }

  async answered(form) {
    await this.inOrder(() => this.note(form));
    await this.sync();
  }

  async note(form) {
    const position = Number(form.closest("[data-visit-item]").dataset.visitItem);
    const content = {
      answer: form.querySelector("[name=answer]:checked")?.value ?? "",
      note: form.elements.note.value,
      fields: fieldsOf(form),
    };
    const waiting = (await this.store.of(this.visit)).filter((one) => one.kind === "answer" && one.position === position);
    const last = waiting.at(-1);
    if (last && last.answer === content.answer && last.note === content.note && last.state === "waiting"
      && JSON.stringify(last.fields ?? {}) === JSON.stringify(content.fields)) return;
    // A change that may have reached the server stays as it is: its key stands for exactly that content.
    const change = last && !last.tried
      ? { ...last, ...content, state: "waiting" }
      : { key: newKey(), visit: this.visit, kind: "answer", position, base: Number(form.elements.revision.value),
          at: Date.now(), state: "waiting", tried: false, ...content };
    if (last?.state === "conflict") change.base = last.theirs.revision;
    if (last && last.tried && last.state !== "waiting") await this.store.remove(last);
    await this.keep(change);
  }

  async photographed(form) {
    const file = form.elements.photo.files[0];
    if (!file) return form.elements.photo.focus();
    const position = Number(form.closest("[data-visit-item]").dataset.visitItem);
    const consent = form.elements.consent.checked;
    const change = {
      key: newKey(), visit: this.visit, kind: "photo", position, file, name: file.name, consent,
      takenAt: new Date(file.lastModified).toISOString(), at: Date.now(), state: "waiting", tried: false,
      ...(consent ? await here() : {}),
    };
    form.reset();
    form.elements.photo.dispatchEvent(new Event("change", { bubbles: true })); // files.js says what is chosen: nothing
    this.listPhoto(change);
    await this.inOrder(() => this.keep(change));
    await this.sync();
  }

  async keep(change) {
    try {
      await this.store.put(change);
    } catch {
      this.mark(change.position, say.full);
      return;
    }
    this.mark(change.position, say.waiting);
    await this.show();
  }

  listPhoto(change) {
    const list = this.item(change.position).querySelector("[data-visit-photos]");
    const line = document.createElement("li");
    line.dataset.key = change.key;
    line.textContent = `${change.name} ${change.state === "refused" ? say.refused(change.reason) : say.waiting}`;
    list.append(line);
  }

  async sync() {
    if (this.isSyncing || !navigator.onLine) return this.show();
    this.isSyncing = true;
    this.trouble = "";
    try {
      let sent = 0;
      for (;;) {
        const change = await this.inOrder(() => this.next());
        if (!change || !(await this.send(change))) break;
        sent += 1;
      }
      if (sent && !this.trouble) await this.refreshKept();
    } finally {
      this.isSyncing = false;
      await this.show();
    }
  }

  /** The oldest change that waits, from now on fixed: it may reach the server. */
  async next() {
    const change = (await this.store.of(this.visit)).find((one) => one.state === "waiting");
    if (!change) return null;
    const tried = { ...change, tried: true };
    await this.store.put(tried);
    return tried;
  }

  /** Returns whether to go on with the next one. */
  async send(change) {
    let response;
    try {
      response = await fetch(this.address(change), {
        method: "POST", body: this.body(change), redirect: "manual", signal: AbortSignal.timeout(TIMEOUT),
        headers: { Accept: "application/json", "X-CSRFToken": freshToken() ?? "" },
      });
    } catch {
      this.trouble = say.offline;
      return false;
    }
    if (response.type === "opaqueredirect" || response.status === 401) {
      this.trouble = words.signedOut;
      return false;
    }
    if (response.status >= 500 || response.status === 429) {
      this.trouble = words.saveFailed;
      return false;
    }
    const answer = await response.json().catch(() => ({}));
    await this.inOrder(() => (response.ok ? this.arrived(change, answer) : this.refused(change, response, answer)));
    return true;
  }

  address(change) {
    const name = change.kind === "photo" ? "photo" : "answer";
    return this.item(change.position).querySelector(`form[data-visit-${name}]`).action;
  }

  body(change) {
    const body = new FormData();
    body.append("key", change.key);
    if (change.kind === "answer") {
      body.append("answer", change.answer);
      body.append("note", change.note);
      for (const [name, value] of Object.entries(change.fields ?? {})) body.append(name, value);
      body.append("revision", String(change.base));
      return body;
    }
    if (change.consent) body.append("consent", "on");
    body.append("taken_at", change.takenAt);
    for (const name of ["latitude", "longitude"]) if (change[name] !== undefined) body.append(name, String(change[name]));
    body.append("photo", change.file, change.name);
    return body;
  }

  async arrived(change, answer) {
    await this.store.remove(change);
    if (change.kind === "photo") {
      this.root.querySelector(`[data-key="${change.key}"]`)?.replaceChildren(`${change.name} ${say.synced}`);
      return;
    }
    const form = this.item(change.position).querySelector("form[data-visit-answer]");
    form.elements.revision.value = answer.revision;
    const later = (await this.store.of(this.visit)).filter((one) => one.kind === "answer" && one.position === change.position);
    for (const one of later) await this.store.put({ ...one, base: answer.revision });
    if (!later.length) this.mark(change.position, say.synced);
  }

  async refused(change, response, answer) {
    const state = answer.error === "conflict" ? "conflict" : "refused";
    const kept = { ...change, state, theirs: answer.theirs, reason: answer.reason ?? String(response.status) };
    await this.store.put(kept);
    if (state === "conflict") return this.conflict(kept);
    this.mark(change.position, say.refused(kept.reason));
    const line = this.root.querySelector(`[data-key="${change.key}"]`);
    if (line) line.textContent = `${change.name} ${say.refused(kept.reason)}`;
  }

  /** Both answers side by side, and two buttons: neither is lost before a person has decided. */
  conflict(change) {
    const item = this.item(change.position);
    item.querySelector("[data-visit-conflict]")?.remove();
    const box = document.createElement("div");
    box.className = "alert alert-danger";
    box.setAttribute("role", "alert");
    box.dataset.visitConflict = "";
    const labels = Object.fromEntries(Array.from(item.querySelectorAll("[name=answer]"),
      (radio) => [radio.value, radio.parentElement.textContent.trim()]));
    const text = (of) => [labels[of.answer] ?? "—", ...Object.values(of.fields ?? {}), of.note].filter(Boolean).join(" ");
    const lines = [say.conflict, say.theirs(change.theirs.by, text(change.theirs)), say.yours(text(change))];
    for (const line of lines) box.append(Object.assign(document.createElement("p"), { textContent: line }));
    const choose = (label, act) => {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn", textContent: label });
      button.addEventListener("click", async () => { box.remove(); await act(); });
      box.append(button, " ");
    };
    choose(say.useMine, async () => {
      await this.store.remove(change);
      await this.keep({ ...change, key: newKey(), base: change.theirs.revision, state: "waiting", tried: false, theirs: undefined });
      await this.sync();
    });
    choose(say.useTheirs, async () => {
      await this.store.remove(change);
      const form = item.querySelector("form[data-visit-answer]");
      form.elements.revision.value = change.theirs.revision;
      fill(form, change.theirs);
      this.mark(change.position, say.synced);
      await this.show();
    });
    item.querySelector(".card-body").prepend(box);
    this.mark(change.position, say.needsChoice);
  }

  async show() {
    const changes = await this.store.of(this.visit);
    const waiting = changes.filter((one) => one.state === "waiting").length;
    const stuck = changes.length - waiting;
    const trouble = navigator.onLine ? this.trouble : say.offline;
    const parts = [trouble, waiting ? say.left(waiting) : "", stuck ? say.stuck(stuck) : ""].filter(Boolean);
    this.line.textContent = parts.join(" ") || (this.hasKept ? say.allSynced : this.first);
    this.line.dataset.state = trouble ? "offline" : changes.length ? "waiting" : "synced";
    if (changes.length) this.hasKept = true;
  }

  files() {
    const found = Array.from(document.querySelectorAll("link[rel=stylesheet], script[src], link[rel=icon]"),
      (element) => element.href || element.src);
    return [location.pathname, ...found];
  }

  async take() {
    try {
      await navigator.serviceWorker.register(this.root.dataset.worker);
      await navigator.serviceWorker.ready;
      const cache = await caches.open(cacheName());
      await cache.addAll(this.files());
      navigator.storage?.persist?.();
      this.line.textContent = say.taken;
      this.line.dataset.state = "taken";
    } catch {
      // Without https there is no service worker: the page must then stay open, and loses nothing while it does.
      this.line.textContent = say.cannotTake;
      this.line.dataset.state = "cannot";
    }
  }

  async refreshKept() {
    if (!globalThis.caches || !(await caches.has(cacheName()))) return;
    const cache = await caches.open(cacheName());
    if (await cache.match(location.pathname, { ignoreVary: true })) await cache.add(location.pathname).catch(() => {});
  }

  async clear() {
    const changes = await this.store.of(this.visit);
    if (changes.length && !(await ask(say.clearKept(changes.length)))) return;
    for (const change of changes) await this.store.remove(change);
    if (globalThis.caches) await caches.delete(cacheName());
    location.reload();
  }
}

/** Texts of a form beside its answer and its note, by their names: not every list has such. */
function fieldsOf(form) {
  return Object.fromEntries(Array.from(form.querySelectorAll("[data-visit-field]"), (field) => [field.name, field.value]));
}

function fill(form, of) {
  form.elements.note.value = of.note;
  for (const radio of form.querySelectorAll("[name=answer]")) radio.checked = radio.value === of.answer;
  if (!of.fields) return;
  for (const field of form.querySelectorAll("[data-visit-field]")) field.value = of.fields[field.name] ?? "";
}

/** The device's place, if it gives one within a few seconds. */
function here() {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve({});
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ latitude: coords.latitude.toFixed(6), longitude: coords.longitude.toFixed(6) }),
      () => resolve({}),
      { timeout: 5000, maximumAge: 60_000 },
    );
  });
}

const root = document.querySelector("[data-visit]");
if (root?.dataset.writable === "1" && globalThis.indexedDB) {
  new Store().open().then((store) => new Checklist(root, store).start());
}

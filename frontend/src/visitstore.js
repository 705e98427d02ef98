// What a site visit holds on this device: changes that wait for the network (IndexedDB, one database a person) and the
// checklist's page (Cache Storage). Signing out removes both; another person's sign-in removes the pages of the one before.
const CACHE = "qingyuan-visit-";
const DATABASE = "qingyuan-visits-";
const MARK = "qingyuan-draft:"; // localcopy.js asks before a sign-out while such a mark stands

export const person = () => document.body.dataset.person || "-";
export const cacheName = () => CACHE + person();

const done = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

export class Store {
  async open() {
    const request = indexedDB.open(DATABASE + person(), 1);
    request.onupgradeneeded = () => request.result.createObjectStore("changes", { keyPath: "key" });
    this.database = await done(request);
    this.database.onversionchange = () => this.database.close();
    return this;
  }

  rows(mode) {
    return this.database.transaction("changes", mode).objectStore("changes");
  }

  /** The changes of one visit, the oldest first. */
  async of(visit) {
    const found = (await done(this.rows("readonly").getAll())).filter((change) => change.visit === visit);
    return found.sort((one, other) => one.at - other.at);
  }

  async put(change) {
    await done(this.rows("readwrite").put(change));
    this.mark(change.visit, true);
  }

  async remove(change) {
    await done(this.rows("readwrite").delete(change.key));
    this.mark(change.visit, (await this.of(change.visit)).length > 0);
  }

  mark(visit, isWaiting) {
    const place = `${MARK}${person()}:visit:${visit}`;
    try {
      if (isWaiting) localStorage.setItem(place, JSON.stringify({ now: { at: Date.now(), fields: [] }, offers: [] }));
      else localStorage.removeItem(place);
    } catch { /* private windows: only the question at sign-out is lost */ }
  }
}

/** At sign-out: nothing of this person stays. */
export function forgetVisits() {
  try {
    indexedDB?.deleteDatabase(DATABASE + person());
    globalThis.caches?.delete(cacheName());
  } catch { /* closed */ }
}

/** Pages that somebody else kept are not for the person who is signed in now. */
export async function dropForeignPages() {
  if (person() === "-" || !globalThis.caches) return;
  try {
    for (const name of await caches.keys()) if (name.startsWith(CACHE) && name !== cacheName()) await caches.delete(name);
  } catch { /* closed */ }
}

// Service worker of the site visits: what was kept on the device answers when the network does not. It keeps nothing by
// itself: the page puts in what the person chose to take along (visit.js).
const PATIENCE = 4000; // a bar of signal that carries nothing is no network

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method === "GET" && new URL(request.url).origin === self.location.origin) event.respondWith(answer(request));
});

async function answer(request) {
  const kept = await caches.match(request, { ignoreVary: true });
  if (!kept) return fetch(request);
  const late = new Promise((resolve) => { setTimeout(() => resolve(kept), PATIENCE); });
  return Promise.race([fetch(request).catch(() => kept), late]);
}

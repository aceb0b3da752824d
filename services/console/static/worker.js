// Keeps the empty form and what it stands on, and shows it when the line is dead. Nothing of any office or person is
// kept: the shell is what somebody sees who is not signed in. `KEPT` is written above by the console.
const CACHE = `homeward-${KEPT.version}`;
const LINE_MS = 20_000;
const AWAY = new Set([502, 504]);
const SHOWN_OFFLINE = /^\/(?:handovers\/[^/]+)?$/;

self.addEventListener("install", (event) => event.waitUntil(keep()));
self.addEventListener("activate", (event) => event.waitUntil(tidy()));
self.addEventListener("fetch", (event) => {
  const { pathname } = new URL(event.request.url);
  if (event.request.mode === "navigate" && event.request.method === "GET" && SHOWN_OFFLINE.test(pathname)) {
    event.respondWith(page(event.request));
  } else if (KEPT.files.includes(pathname)) {
    event.respondWith(caches.match(pathname).then((kept) => kept ?? fetch(event.request)));
  }
});

async function keep() {
  const cache = await caches.open(CACHE);
  const wanted = [...KEPT.files, ...KEPT.shells].map((address) => new Request(address, { credentials: "omit", cache: "reload" }));
  await cache.addAll(wanted);
  await self.skipWaiting();
}

async function tidy() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== CACHE && name !== "homeward-language").map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function page(request) {
  try {
    const answer = await fetch(request, { signal: AbortSignal.timeout(LINE_MS) });
    if (!AWAY.has(answer.status)) return answer;
  } catch {
    // The line is dead.
  }
  const language = await (await caches.match("/language"))?.text() ?? "vi";
  return await caches.match(`/handovers/shell?language=${language}`) ?? Response.error();
}

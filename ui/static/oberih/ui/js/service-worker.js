// Pages that were read before, and those that somebody asked to keep (kept.js), open without a network, with a banner that says so.
//
// What is kept is fetched anew without cookies: the page as a stranger sees it. So nothing here belongs to anybody,
// whoever was logged in when it was read, and there is nothing to clear when they log out. "Leave this page" forgets
// all of it, and the answers that wait for the line (courses/js/kept-answers.js). Forms are never answered from here.

const SHELL = "oberih-shell-1";
const COPIES = "oberih-copies-1";
const KEPT = "oberih-kept-";
const MOST = { [SHELL]: 90, [COPIES]: 80 };
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const FIXED = /[?&]v=/;
const PARTS = new Set(["style", "script", "font", "image", "video", "audio", "track"]);

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("oberih-") && !(name in MOST) && !name.startsWith(KEPT));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

self.addEventListener("message", (event) => {
  const { type, pages = [], files = [] } = event.data ?? {};
  if (type === "keep") event.waitUntil(keep(pages, files));
  if (type === "forget") event.waitUntil(forget());
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (PARTS.has(request.destination)) event.respondWith(file(request));
});

async function forget() {
  indexedDB.deleteDatabase("oberih-answers");
  const names = (await caches.keys()).filter((name) => name.startsWith("oberih-"));
  await Promise.all(names.map((name) => caches.delete(name)));
}

async function keep(pages, files) {
  const [shell, copies] = await Promise.all([caches.open(SHELL), caches.open(COPIES)]);
  const missing = [];
  for (const url of files) if (!(await shell.match(url, { ignoreVary: true }))) missing.push(url);
  await Promise.all([
    ...missing.map((url) => put(shell, url, { credentials: "omit" })),
    ...pages.map((url) => put(copies, url, { credentials: "omit", cache: "no-cache" })),
  ]);
  await Promise.all([trim(SHELL, shell), trim(COPIES, copies)]);
}

// A page that asks for a log-in is not the page: redirects and refusals are not kept.
async function put(cache, url, options) {
  try {
    const response = await fetch(url, options);
    if (!response.ok || response.redirected) return;
    // Takes the place of an older copy in one step and goes to the end: what was read last is kept longest.
    await cache.put(url, response);
  } catch {
    // No network, or no room on the device: what is kept already stays.
  }
}

async function trim(name, cache) {
  const keys = await cache.keys();
  await Promise.all(keys.slice(0, Math.max(0, keys.length - MOST[name])).map((key) => cache.delete(key)));
}

async function file(request) {
  const shell = await caches.open(SHELL);
  const held = (await shell.match(request, { ignoreVary: true })) ?? (await inSets(request));
  const { pathname, search } = new URL(request.url);
  // A name with a hash in it never changes what it holds.
  if (held && (HASHED.test(pathname) || FIXED.test(search))) return stretch(request, held);
  try {
    return await fetch(request);
  } catch (error) {
    if (held) return stretch(request, held);
    throw error;
  }
}

async function inSets(request) {
  const held = await caches.match(request.url, { ignoreVary: true });
  // Another size of a picture that is kept in one.
  const place = held?.headers.get("content-location");
  return place ? caches.match(place, { ignoreVary: true }) : held;
}

// Players ask for stretches of a film.
async function stretch(request, held) {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!asked) return held;
  const whole = await held.blob();
  const start = Number(asked[1]);
  const end = Math.min(asked[2] ? Number(asked[2]) : Infinity, whole.size - 1);
  if (start > end) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${whole.size}` } });
  const headers = { "Content-Type": held.headers.get("content-type"), "Content-Range": `bytes ${start}-${end}/${whole.size}` };
  return new Response(whole.slice(start, end + 1), { status: 206, headers });
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const copies = await caches.open(COPIES);
    const copy = (await newest(request.url)) ?? (await offlinePage(copies, request));
    if (!copy) throw error;
    return withBanner(copy);
  }
}

// A page that was kept by name may have been read later, or the other way round.
async function newest(url) {
  const names = (await caches.keys()).filter((name) => name === COPIES || name.startsWith(KEPT));
  const found = await Promise.all(names.map((cacheName) => caches.match(url, { cacheName, ignoreSearch: true, ignoreVary: true })));
  const since = (copy) => Date.parse(copy.headers.get("date")) || 0;
  return found.filter(Boolean).sort((one, other) => since(other) - since(one))[0];
}

// The page that lists what can be read, in the language of the address if it is here.
async function offlinePage(copies, request) {
  const language = new URL(request.url).pathname.split("/")[1];
  const found = (await copies.keys()).filter((key) => new URL(key.url).pathname.endsWith("/offline/"));
  const best = found.find((key) => new URL(key.url).pathname.startsWith(`/${language}/`)) ?? found[0];
  return best && copies.match(best, { ignoreVary: true });
}

async function withBanner(copy) {
  const saved = new Date(copy.headers.get("date") ?? Date.now()).toISOString();
  const html = (await copy.text()).replace("data-oberih-offline hidden", `data-oberih-offline="${saved}"`);
  return new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } });
}

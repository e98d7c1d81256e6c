// Pages that were read before open without a network, with a banner that says so.
//
// What is kept is fetched anew without cookies: the page as a stranger sees it. So nothing here belongs to anybody,
// whoever was logged in when it was read, and there is nothing to clear when they log out. "Leave this page" forgets
// all of it. Forms are never answered from here.

const SHELL = "oberih-shell-1";
const COPIES = "oberih-copies-1";
const MOST = { [SHELL]: 90, [COPIES]: 80 };
const HASHED = /\.[0-9a-f]{12}\.\w+$/;
const PARTS = new Set(["style", "script", "font", "image"]);

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  const names = (await caches.keys()).filter((name) => name.startsWith("oberih-") && !(name in MOST));
  await Promise.all(names.map((name) => caches.delete(name)));
  await self.clients.claim();
})()));

self.addEventListener("message", (event) => {
  const { type, pages = [], files = [] } = event.data ?? {};
  if (type === "keep") event.waitUntil(keep(pages, files));
  if (type === "forget") event.waitUntil(Promise.all(Object.keys(MOST).map((name) => caches.delete(name))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (PARTS.has(request.destination)) event.respondWith(file(request));
});

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
  const held = await shell.match(request, { ignoreVary: true });
  // A name with a hash in it never changes what it holds.
  if (held && HASHED.test(new URL(request.url).pathname)) return held;
  try {
    return await fetch(request);
  } catch (error) {
    if (held) return held;
    throw error;
  }
}

async function page(request) {
  try {
    return await fetch(request);
  } catch (error) {
    const copies = await caches.open(COPIES);
    const copy = (await copies.match(request.url, { ignoreSearch: true, ignoreVary: true })) ?? (await offlinePage(copies, request));
    if (!copy) throw error;
    return withBanner(copy);
  }
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

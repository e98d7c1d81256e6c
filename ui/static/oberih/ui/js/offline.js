// Says when there is no network, and asks the service worker to keep the pages that are worth it (data-oberih-keep).
// Without this file everything works as long as the network does.

const banner = document.querySelector("[data-oberih-offline]");
const saved = banner?.dataset.oberihOffline;
const sameSite = (url) => url.startsWith(window.location.origin);

if (saved) {
  const time = document.createElement("time");
  time.dateTime = saved;
  time.textContent = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "long", timeStyle: "short" }).format(new Date(saved));
  const words = banner.querySelector("[data-oberih-saved]");
  words.append(" ", time);
  words.hidden = false;
} else if (banner) {
  const tell = () => { banner.hidden = navigator.onLine; };
  window.addEventListener("offline", tell);
  window.addEventListener("online", tell);
  tell();
}

function files() {
  const loaded = performance.getEntriesByType("resource").map((entry) => entry.name);
  return [...new Set(loaded)].filter((url) => sameSite(url) && /\.(css|js|svg|woff2)$/.test(new URL(url).pathname));
}

function pictures() {
  return [...document.querySelectorAll("main img")].map((image) => image.currentSrc).filter((url) => url && sameSite(url));
}

async function keep() {
  const { active } = await navigator.serviceWorker.ready;
  const pages = [new URL(banner.dataset.page, window.location).href];
  const here = document.querySelector("[data-oberih-keep]");
  if (here) pages.push(window.location.origin + window.location.pathname);
  active.postMessage({ type: "keep", pages, files: here ? [...files(), ...pictures()] : files() });
}

// The list on the page that is shown instead of one that is not here.
async function list(target) {
  const copies = await caches.open("oberih-copies-1");
  const pages = await Promise.all((await copies.keys()).map(async (key) => {
    const copy = await copies.match(key, { ignoreVary: true });
    const parsed = new DOMParser().parseFromString(await copy.text(), "text/html");
    return { url: key.url, lang: parsed.documentElement.lang, title: parsed.querySelector("h1")?.textContent.trim() };
  }));
  const rows = pages.filter((page) => page.title && !new URL(page.url).pathname.endsWith("/offline/"));
  for (const page of rows) {
    const link = document.createElement("a");
    Object.assign(link, { href: page.url, textContent: page.title, lang: page.lang, dir: "auto" });
    const row = document.createElement("li");
    row.append(link);
    target.append(row);
  }
  document.querySelector("[data-oberih-none]").hidden = rows.length > 0;
}

// Most have none, and then kept.js is not worth its bytes (nor there without a line).
async function hasSets() {
  return (await caches.keys()).some((name) => name.startsWith("oberih-kept-"));
}

// What somebody asked to keep, with its size and a way to take it away.
async function listSets(section) {
  section.hidden = !(await hasSets());
  if (section.hidden) return;
  const kept = await import(banner.dataset.kept);
  const found = await kept.sets();
  section.hidden = !found.length;
  section.querySelector("[data-rows]").replaceChildren(...found.map((set) => {
    const link = document.createElement("a");
    Object.assign(link, { href: set.url, textContent: set.title, lang: set.language, dir: "auto" });
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "ob-button ob-button--quiet", textContent: section.dataset.remove });
    button.setAttribute("aria-label", `${section.dataset.remove}: ${set.title}`);
    button.addEventListener("click", async () => {
      await kept.remove(set.listing);
      await listSets(section);
    });
    const row = document.createElement("li");
    row.append(link, ` (${kept.size(set.bytes, document.documentElement.lang)}) `, button);
    return row;
  }));
}

async function refreshSets() {
  if (!(await hasSets())) return;
  const kept = await import(banner.dataset.kept);
  await kept.refresh();
}

if (banner && "serviceWorker" in navigator) {
  const start = async () => {
    try {
      await navigator.serviceWorker.register(banner.dataset.worker);
      if (!saved) {
        await keep();
        await refreshSets();
      }
    } catch {
      // Private windows and old browsers refuse; the site is read with a network then.
    }
  };
  if (document.readyState === "complete") start();
  else window.addEventListener("load", start, { once: true });
}

const target = document.querySelector("[data-oberih-copies]");
if (target && "caches" in window) list(target);

const sets = document.querySelector("[data-oberih-sets]");
if (sets && banner && "caches" in window) listSets(sets);

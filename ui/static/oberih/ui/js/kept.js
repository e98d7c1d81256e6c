// Sets of pages that somebody asked to keep on this device, with the pictures and, if wanted, the media that they show. A
// set is what an address lists as JSON (title, url, version, pages, pictures, captions, media, parts). Everything is
// fetched without cookies: nothing of it belongs to anybody. The service worker answers from here without a network.

const PREFIX = "oberih-kept-";
// Stands in the cache of each set and says what it is; written last, so a set without it is not whole.
const RECORD = "/oberih-kept";
const HOUR = 3_600_000;
const AT_ONCE = 4;

class NoRoomError extends Error { name = "NoRoomError"; }
class ClosedError extends Error { name = "ClosedError"; }

export function size(bytes, lang) {
  const [unit, share] = bytes < 1_000_000 ? ["kilobyte", 1_000] : ["megabyte", 1_000_000];
  const digits = unit === "megabyte" && bytes < 10_000_000 ? 1 : 0;
  const format = new Intl.NumberFormat(lang, { style: "unit", unit, unitDisplay: "short", maximumFractionDigits: digits });
  return format.format(Math.max(bytes / share, bytes ? 1 : 0));
}

export async function sets() {
  const found = [];
  for (const name of await caches.keys()) {
    const record = name.startsWith(PREFIX) && (await (await caches.open(name)).match(RECORD));
    if (record) found.push(await record.json());
  }
  return found;
}

export function remove(listing) {
  return caches.delete(PREFIX + listing);
}

// Of the sizes of a picture the smallest that looks sharp here.
function fitting(sizes) {
  const wanted = Math.min(window.innerWidth, 704) * Math.min(window.devicePixelRatio, 2);
  const known = sizes.filter((one) => one.width).sort((one, other) => one.width - other.width);
  const chosen = known.find((one) => one.width >= wanted) ?? known.at(-1) ?? sizes[0];
  return { url: chosen.url, bytes: chosen.bytes ?? 0, others: sizes.map((one) => one.url).filter((url) => url !== chosen.url) };
}

async function weighed(url, signal) {
  const answer = await fetch(url, { method: "HEAD", credentials: "omit", signal });
  return { url, bytes: Number(answer.headers.get("content-length") ?? 0), isThere: answer.ok };
}

// What the set holds and weighs today.
export async function describe(listing, signal) {
  const answer = await fetch(listing, { credentials: "omit", cache: "no-cache", signal });
  if (answer.status === 404 || answer.redirected) throw new ClosedError();
  if (!answer.ok) throw new Error(`${answer.status}`);
  const told = await answer.json();
  const pictures = told.pictures.map(fitting);
  const media = (await Promise.all(told.media.map((url) => weighed(url, signal)))).filter((one) => one.isThere);
  const sum = (things) => things.reduce((total, one) => total + one.bytes, 0);
  return { ...told, pictures, media, bytes: sum(told.pages) + sum(pictures), mediaBytes: sum(media) };
}

// A new answer of the same content, whose bytes are counted as they come: a film never lies in memory as a whole.
function counted(answer, count) {
  const headers = new Headers(answer.headers);
  headers.delete("content-encoding");
  const meter = new TransformStream({ transform(chunk, out) { count(chunk.byteLength); out.enqueue(chunk); } });
  return new Response(answer.body.pipeThrough(meter), { headers });
}

// Pages last: what they show is there before them.
function todo(wanted, before, withMedia) {
  const old = before?.versions ?? {};
  return [
    ...wanted.pictures.map((one) => ({ ...one, isFixed: true })),
    ...wanted.captions.map((url) => ({ url })),
    ...(withMedia ? wanted.media.map((one) => ({ ...one, isFixed: true })) : []),
    ...wanted.pages.map((one) => ({ ...one, isFixed: old[one.url] === one.version, isNeeded: true })),
  ];
}

export async function keep(listing, { withMedia = false, progress = () => {}, signal } = {}) {
  const before = (await sets()).find((one) => one.listing === listing);
  const wanted = await describe(listing, signal);
  const bytes = wanted.bytes + (withMedia ? wanted.mediaBytes : 0);
  const room = await navigator.storage?.estimate?.();
  if (room?.quota && bytes > room.quota - room.usage + (before?.bytes ?? 0)) throw Object.assign(new NoRoomError(), { needed: bytes });
  const cache = await caches.open(PREFIX + listing);
  const things = todo(wanted, before, withMedia);
  let got = 0;
  const count = (more) => { got += more; progress(Math.min(1, got / bytes)); };
  const fetchOne = async (thing) => {
    if (thing.isFixed && (await cache.match(thing.url))) return count(thing.bytes);
    const answer = await fetch(thing.url, { credentials: "omit", cache: "no-cache", signal });
    if (answer.ok && !answer.redirected) await cache.put(thing.url, counted(answer, count));
    else if (thing.isNeeded) throw new Error(`${answer.status}`);
    // A browser may choose another size of the picture; the worker then looks here.
    for (const url of thing.others ?? []) await cache.put(url, new Response(null, { headers: { "Content-Location": thing.url } }));
    return undefined;
  };
  try {
    const line = things[Symbol.iterator]();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const thing of line) await fetchOne(thing); }));
  } catch (error) {
    if (!before) await remove(listing);
    throw error;
  }
  // Style sheets, scripts and typefaces are kept once for all pages; with this file, which lists the sets without a line.
  (await navigator.serviceWorker.ready).active.postMessage({ type: "keep", files: [...wanted.parts, import.meta.url] });
  const { title, language, url, version } = wanted;
  const versions = Object.fromEntries(wanted.pages.map((one) => [one.url, one.version]));
  const set = { listing, title, language, url, version, versions, bytes, withMedia, at: Date.now(), checked: Date.now() };
  await cache.put(RECORD, Response.json(set));
  await tidy(cache, things);
  return set;
}

async function tidy(cache, things) {
  const held = new Set([RECORD, ...things.flatMap((one) => [one.url, ...(one.others ?? [])])].map((url) => new URL(url, window.location).href));
  for (const key of await cache.keys()) if (!held.has(key.url)) await cache.delete(key);
}

// Looks at most once an hour whether what is kept has changed, and takes away what may no longer be read.
export async function refresh() {
  for (const set of await sets()) {
    if (Date.now() - set.checked < HOUR) continue;
    try {
      const { version } = await describe(set.listing);
      if (version !== set.version) await keep(set.listing, { withMedia: set.withMedia });
      else await (await caches.open(PREFIX + set.listing)).put(RECORD, Response.json({ ...set, checked: Date.now() }));
    } catch (error) {
      if (error.name === "ClosedError") await remove(set.listing);
      // Otherwise the line is bad, or there is no room: the older copy stays.
    }
  }
}

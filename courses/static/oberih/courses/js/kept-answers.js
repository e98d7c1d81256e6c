// Knowledge checks that are answered without a network, and lessons that are read: kept on this device, under no name, until
// the site has them. Each has a key of its own, so sending twice changes nothing, and the mark of the learner who gave it,
// so that nobody else on this phone sends it as theirs. Without this file a check needs a network.

const place = document.querySelector("[data-oberih-answers]");
const words = place.dataset;
const lines = place.querySelector("[data-oberih-lines]");
const isCopy = Boolean(document.querySelector("[data-oberih-offline]")?.dataset.oberihOffline);
const checks = [...document.querySelectorAll("form[data-oberih-check]")];
const done = document.querySelector("form[data-oberih-done]");
const readButton = document.querySelector("[data-oberih-read]");
const MOST = 100;
const AGAIN = 20_000;
const TOLD = "oberih-answers-told";

let learner = words.learner;
let sending = null;

function open() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("oberih-answers", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("waiting", { keyPath: "uuid" });
      asked.result.createObjectStore("learner");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

// Opened for each deed and closed: whoever leaves this page has the database deleted at once.
async function store(name, mode, deed) {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const change = database.transaction(name, mode);
      const asked = deed(change.objectStore(name));
      change.oncomplete = () => resolve(asked?.result);
      change.onabort = () => reject(change.error);
    });
  } finally {
    database.close();
  }
}

const waiting = () => store("waiting", "readonly", (rows) => rows.getAll());
const drop = (keys) => store("waiting", "readwrite", (rows) => { for (const key of keys) rows.delete(key); });

async function know(mark) {
  learner = mark;
  await store("learner", "readwrite", (rows) => rows.put(mark, "mark"));
}

function newKey() {
  // Without a secure connection browsers do not offer the first.
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// Of what still waits only the last answer to a question is worth sending.
async function put(item, chosen) {
  const { lesson, language } = words;
  const isOlder = (other) => other.learner === learner && other.lesson === lesson && other.item === item;
  const older = (await waiting()).filter(isOlder);
  await store("waiting", "readwrite", (rows) => {
    for (const other of older) rows.delete(other.uuid);
    rows.put({ uuid: newKey(), lesson, item, chosen, language, given_at: new Date().toISOString(), learner });
  });
}

function note(after, text) {
  let said = after.parentElement.querySelector("[data-oberih-note]");
  if (!said) {
    said = document.createElement("p");
    said.className = "ob-hint";
    said.setAttribute("role", "status");
    said.dataset.oberihNote = "";
    after.after(said);
  }
  said.textContent = text;
}

function line(...parts) {
  const paragraph = document.createElement("p");
  paragraph.append(...parts);
  return paragraph;
}

function link({ url, title }) {
  const anchor = document.createElement("a");
  Object.assign(anchor, { href: url, textContent: title, dir: "auto" });
  return anchor;
}

function say(...paragraphs) {
  place.hidden = false;
  lines.replaceChildren(...paragraphs);
}

function sayWhatArrived(answers) {
  const told = [];
  const lessons = new Map(answers.filter((one) => one.state !== "refused").map((one) => [one.lesson, one]));
  if (lessons.size) {
    const links = [...lessons.values()].flatMap((one, index) => [index ? ", " : " ", one.url ? link(one) : ""]);
    told.push(line(words.sent, ...links));
  }
  for (const one of answers.filter((other) => other.reason)) {
    const reason = one.state === "refused" ? `${words.unsent} ${one.reason} ` : `${one.reason} `;
    told.push(line(reason, one.url ? link(one) : ""));
  }
  if (told.length) say(...told);
}

function sayOfOthers(others) {
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "ob-button ob-button--quiet", textContent: words.forget });
  button.addEventListener("click", async () => {
    await drop(others.map((one) => one.uuid));
    place.hidden = true;
  });
  say(line(words.other), button);
}

async function ask() {
  const answer = await fetch(words.oberihAnswers, { cache: "no-store" });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return answer.json();
}

async function post(mine, mark, token) {
  const answers = mine.map(({ learner: _mark, ...one }) => one);
  const answer = await fetch(words.oberihAnswers, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ learner: mark, sent_at: new Date().toISOString(), answers }),
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return (await answer.json()).answers;
}

// What the site said to each; null where it could not be asked.
async function sendAll() {
  const all = await waiting();
  const told = [];
  if (!all.length) return told;
  try {
    const { learners, token } = await ask();
    if (!learners.length) {
      say(line(words.waiting));
      return told;
    }
    await know(learners[0]);
    for (const mark of learners) {
      const mine = all.filter((one) => one.learner === mark);
      while (mine.length) {
        const answers = await post(mine.splice(0, MOST), mark, token);
        await drop(answers.map((one) => one.uuid));
        told.push(...answers);
      }
    }
    const others = all.filter((one) => !learners.includes(one.learner));
    if (others.length) sayOfOthers(others);
  } catch {
    setTimeout(send, AGAIN);
    if (!told.length) return null;
  }
  return told;
}

async function send() {
  sending ??= sendAll().finally(() => { sending = null; });
  const told = await sending;
  if (!told?.length) return told;
  // What this page shows of itself is older than what the site knows now.
  if (isCopy || told.some((one) => one.lesson === words.lesson)) {
    sessionStorage.setItem(TOLD, JSON.stringify(told));
    window.location.reload();
  } else sayWhatArrived(told);
  return told;
}

async function answered(event, form) {
  const chosen = [...form.querySelectorAll("input:checked")].map((input) => input.value);
  // A stranger's answer is checked and not kept; and what is missing, the site says.
  if (navigator.onLine && !isCopy && !(words.learner && chosen.length)) return;
  event.preventDefault();
  if (!chosen.length) {
    note(form, words.choose);
    return;
  }
  if (!learner) {
    if (navigator.onLine) form.submit();
    else note(form, words.unknown);
    return;
  }
  try {
    await put(form.dataset.oberihCheck, chosen);
  } catch {
    // A browser that keeps nothing.
    form.submit();
    return;
  }
  note(form, words.sending);
  window.history.replaceState(null, "", `#check-${form.dataset.oberihCheck}`);
  window.history.scrollRestoration = "manual";
  // What is on its way already was begun without this one.
  await sending;
  if (!(await send())?.length) note(form, words.kept);
}

async function read(event) {
  if (navigator.onLine && !isCopy) return;
  event.preventDefault();
  const control = done ?? readButton;
  await put(null, []);
  note(control, words.read);
  control.hidden = true;
  await send();
}

// What waits is shown as it was left.
async function restore() {
  for (const one of await waiting()) {
    if (one.learner !== learner || one.lesson !== words.lesson) continue;
    const form = checks.find((check) => check.dataset.oberihCheck === one.item);
    if (form) {
      for (const input of form.querySelectorAll("input")) input.checked = one.chosen.includes(input.value);
      note(form, words.kept);
    } else if (!one.item && readButton) {
      readButton.hidden = true;
      note(readButton, words.read);
    }
  }
}

function offerToRead() {
  if (readButton) readButton.hidden = !(learner && (isCopy || !navigator.onLine));
}

for (const form of checks) form.addEventListener("submit", (event) => answered(event, form));
done?.addEventListener("submit", read);
readButton?.addEventListener("click", read);
window.addEventListener("online", send);
window.addEventListener("offline", offerToRead);
document.addEventListener("visibilitychange", () => { if (!document.hidden) send(); });
document.addEventListener("oberih:leave", () => indexedDB.deleteDatabase("oberih-answers"));

const before = sessionStorage.getItem(TOLD);
sessionStorage.removeItem(TOLD);
if (before) sayWhatArrived(JSON.parse(before));
if (learner) await know(learner);
else learner = (await store("learner", "readonly", (rows) => rows.get("mark"))) ?? "";
offerToRead();
await restore();
await send();

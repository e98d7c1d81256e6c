// The player's page: hears what the package commits, stores it, and says whether that worked.

const root = document.querySelector("[data-oberih-package]");
const frame = root.querySelector("iframe");
const status = root.querySelector("[data-oberih-package-status]");
const completed = root.querySelector("[data-oberih-package-completed]");
const start = JSON.parse(document.getElementById("oberih-package-start").textContent);
const { origin, session, token } = start;

// Browsers carry no more than this for a page that is being closed.
const CARRIED = 60_000;
const PAUSE = 1500;
const AGAIN = 5000;
const HOUR = 3_600_000;

let waiting = null;
let statements = [];
let running = null;
let timer;
let over = false;
let started = "";
let stopped;

const say = (name) => {
  if (status.textContent !== root.dataset[name]) status.textContent = root.dataset[name];
};

const post = (address, data) => {
  const body = JSON.stringify({ session, ...data });
  return fetch(address, {
    method: "POST",
    body,
    keepalive: body.length < CARRIED,
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
  });
};

// Returns whether something has to be tried again.
const take = async (response, retry) => {
  if (response.ok) {
    const told = await response.json();
    if (told.completed) completed.hidden = false;
    say("saved");
  } else if (response.status === 400) {
    say("invalid");
  } else if (response.status === 409) {
    over = true;
    status.textContent = (await response.json()).error;
  } else if (response.status >= 500 || response.status === 429) {
    retry();
    return true;
  } else {
    over = true;
    say("refused");
  }
  return false;
};

const flush = async () => {
  clearTimeout(timer);
  timer = undefined;
  let again = false;
  while (!again && !over && (waiting || statements.length)) {
    say("saving");
    const commit = waiting;
    const told = statements.splice(0, 20);
    waiting = null;
    const retry = () => {
      // What came meanwhile is newer.
      waiting ??= commit;
      statements.unshift(...told);
    };
    try {
      if (told.length) again = await take(await post(root.dataset.statements, { statements: told }), retry);
      if (commit && !again && !over) {
        told.length = 0;
        again = await take(await post(root.dataset.commit, commit), retry);
      }
    } catch {
      retry();
      again = true;
    }
  }
  if (again) {
    say("waiting");
    schedule(AGAIN);
  }
};

// One at a time, so that a newer commit never overtakes an older one.
const run = () => {
  running ??= flush().finally(() => {
    running = null;
  });
  return running;
};

const schedule = (pause) => {
  timer ??= setTimeout(run, pause);
};

const isCommit = (data) =>
  Number.isSafeInteger(data.number) && typeof data.cmi === "object" && data.cmi !== null && Number.isFinite(data.seconds);

window.addEventListener("message", (event) => {
  if (event.source !== frame.contentWindow || event.origin !== origin) return;
  const { data } = event;
  if (typeof data !== "object" || data === null) return;
  if (data.type === "oberih.ready" && started && data.key !== started) {
    // The frame was loaded anew by itself, and would begin with what is old by now.
    window.location.reload();
  } else if (data.type === "oberih.ready" && !started) {
    started = data.key;
    frame.contentWindow.postMessage({ type: "oberih.start", ...start, token: undefined, origin: undefined }, origin);
  } else if (data.type === "oberih.commit" && isCommit(data)) {
    waiting = { number: data.number, seconds: Math.trunc(data.seconds), final: data.final === true, cmi: data.cmi };
    if (data.final === true || document.visibilityState === "hidden") run();
    else schedule(PAUSE);
  } else if (data.type === "oberih.statement" && typeof data.statement === "object" && statements.length < 200) {
    statements.push(data.statement);
    schedule(PAUSE);
  } else if (data.type === "oberih.stopped") {
    stopped?.();
  }
});

// Whoever leaves by a link of ours lets the package end first, and what it says then be stored.
const stop = () =>
  new Promise((done) => {
    stopped = done;
    frame.contentWindow.postMessage({ type: "oberih.stop" }, origin);
    setTimeout(done, 1000);
  });

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[href]");
  const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
  if (!link || !plain || event.defaultPrevented || link.target || !started || over) return;
  if (link.origin !== window.location.origin || link.hasAttribute("data-oberih-leave")) return;
  if (link.pathname === window.location.pathname && link.hash) return;
  event.preventDefault();
  await stop();
  await Promise.race([running ?? run(), new Promise((done) => setTimeout(done, 4000))]);
  if (waiting) await Promise.race([run(), new Promise((done) => setTimeout(done, 4000))]);
  window.location.assign(link.href);
});

const goodbye = () => {
  if (over || !waiting) return;
  post(root.dataset.commit, waiting);
  waiting = null;
};
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") goodbye();
});
window.addEventListener("pagehide", goodbye);
window.addEventListener("online", () => waiting && run());
setInterval(() => !over && post(root.dataset.open, {}).catch(() => {}), HOUR);

// Time with a lesson, counted honestly: while the page is visible and somebody moved, or something played, within the
// last minute. It is told to the site when the page is hidden and every minute, with one key a visit and growing seconds,
// so that what is told twice or late counts once.

const IDLE = 60_000;
const TELL = 60_000;

const script = document.querySelector("script[data-oberih-time]");
const visit = crypto.randomUUID?.() ?? newKey();
let counted = 0;
let told = 0;
let last = performance.now();
let moved = last;

function newKey() {
  // Without a secure connection, browsers do not offer the other.
  const bytes = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0"));
  return bytes.join("");
}

function plays() {
  return [...document.querySelectorAll("video, audio")].some((medium) => !medium.paused && !medium.ended);
}

// What passed since the last look counts up to the moment at which idling began.
function count() {
  const now = performance.now();
  if (plays()) moved = now;
  if (!document.hidden) counted += Math.max(0, Math.min(now, moved + IDLE) - last);
  last = now;
}

function tell() {
  const seconds = Math.floor(counted / 1000);
  if (seconds <= told) return;
  told = seconds;
  // Outlives the page. A beacon could not carry the token.
  fetch(script.dataset.oberihTime, {
    method: "POST",
    keepalive: true,
    headers: { "Content-Type": "application/json", "X-CSRFToken": script.dataset.token },
    body: JSON.stringify({ uuid: visit, seconds }),
  }).catch(() => {
    // The next one tells it with what came after.
    told = 0;
  });
}

for (const sign of ["pointermove", "pointerdown", "keydown", "scroll", "touchstart"]) {
  document.addEventListener(
    sign,
    () => {
      count();
      moved = last;
    },
    { passive: true, capture: true },
  );
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) {
    // It is hidden already, and was not until now.
    counted += Math.max(0, Math.min(performance.now(), moved + IDLE) - last);
    last = performance.now();
    tell();
  } else {
    moved = last = performance.now();
  }
});
window.addEventListener("pagehide", () => {
  count();
  tell();
});
setInterval(() => {
  count();
  tell();
}, TELL);

// "Keep this module on my phone": asks with sizes, shows how far it is, takes it away again. What is kept, and how, is in
// ui/js/kept.js. Without this file the buttons stay hidden.

const panel = document.querySelector("[data-oberih-panel]");
const buttons = [...document.querySelectorAll("[data-oberih-set]")];
const lang = document.documentElement.lang;
let kept;
let current = null;
let stopping = null;

const part = (name) => panel.querySelector(`[data-${name}]`);

function show(state) {
  for (const one of panel.querySelectorAll("[data-when]")) one.hidden = one.dataset.when !== state;
}

async function mark() {
  const held = (await kept.sets()).map((set) => set.listing);
  for (const one of buttons) one.querySelector("[data-oberih-held]").hidden = !held.includes(one.dataset.oberihSet);
}

function tell(error) {
  if (error.name === "NoRoomError" || error.name === "QuotaExceededError") {
    part("needed").textContent = kept.size(error.needed ?? current.wanted.bytes, lang);
    show("room");
  } else if (error.name === "AbortError") show("asked");
  else show(error.name === "ClosedError" ? "closed" : "failed");
}

function showHeld(set) {
  part("held-size").textContent = kept.size(set.bytes, lang);
  show("held");
}

async function ask(button) {
  button.after(panel);
  panel.hidden = false;
  show("");
  panel.focus();
  current = { listing: button.dataset.oberihSet };
  const set = (await kept.sets()).find((one) => one.listing === current.listing);
  if (set) {
    showHeld(set);
    return;
  }
  try {
    current.wanted = await kept.describe(current.listing);
  } catch (error) {
    tell(error);
    return;
  }
  part("base").textContent = kept.size(current.wanted.bytes, lang);
  part("media").hidden = !current.wanted.media.length;
  part("with-media").checked = false;
  part("media-size").textContent = kept.size(current.wanted.mediaBytes, lang);
  show("asked");
}

async function keep() {
  stopping = new AbortController();
  const bar = panel.querySelector("progress");
  bar.value = 0;
  show("busy");
  // Asked for within the press: a browser under pressure deletes what was not.
  navigator.storage?.persist?.();
  try {
    const set = await kept.keep(current.listing, {
      withMedia: part("with-media").checked,
      signal: stopping.signal,
      progress: (share) => { bar.value = Math.round(share * 100); },
    });
    showHeld(set);
  } catch (error) {
    tell(error);
  }
  await mark();
}

const DEEDS = {
  keep,
  stop: () => stopping?.abort(),
  close: () => { panel.hidden = true; },
  remove: async () => {
    await kept.remove(current.listing);
    await mark();
    panel.hidden = true;
  },
};

if (panel && buttons.length && "serviceWorker" in navigator && "caches" in window) {
  kept = await import(panel.dataset.kept);
  for (const one of buttons) {
    one.hidden = false;
    one.querySelector("button").addEventListener("click", () => ask(one));
  }
  panel.addEventListener("click", (event) => DEEDS[event.target.closest("button[name=do]")?.value]?.());
  await mark();
}

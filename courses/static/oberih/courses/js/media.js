// Puts a player in the place of its button once somebody presses it, and tells a learner's lesson how far they got.
// Without this file the button is a link to the file or to the film's own page.

const EVERY = 15_000;

// What somebody played, in whole seconds. What was played on another day is known by number and place alone.
class Watched {
  constructor({ report, token, seconds, position }) {
    Object.assign(this, { report, token, position: Number(position), last: null });
    const known = Math.min(Number(seconds), this.position);
    this.before = Number(seconds) - known;
    this.seen = new Set(Array.from({ length: known }, (_, number) => this.position - 1 - number));
    this.told = this.seen.size;
  }

  // A jump is not what was played between.
  at(time) {
    if (this.last !== null && time >= this.last && time - this.last < 3) {
      for (let second = Math.floor(this.last); second < Math.floor(time); second += 1) this.seen.add(second);
    }
    this.last = time;
    this.position = Math.floor(time);
  }

  async tell() {
    if (!this.report || this.told === this.seen.size) return;
    this.told = this.seen.size;
    try {
      const answer = await fetch(this.report, {
        method: "POST",
        keepalive: true,
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
        body: JSON.stringify({ seconds: this.before + this.seen.size, position: this.position }),
      });
      // Nobody takes this course here any more, so nobody wants to know.
      if (answer.status === 404) this.report = "";
      else if (!answer.ok) this.told = -1;
    } catch {
      // No network: told with the next seconds.
      this.told = -1;
    }
  }
}

function own(medium, watched) {
  medium.addEventListener("loadedmetadata", () => {
    // Whoever saw the end begins anew.
    if (watched.position && watched.position < medium.duration - 5) medium.currentTime = watched.position;
  }, { once: true });
  medium.addEventListener("timeupdate", () => { if (!medium.seeking) watched.at(medium.currentTime); });
  medium.addEventListener("seeking", () => { watched.last = null; });
  medium.addEventListener("pause", () => watched.tell());
  medium.addEventListener("ended", () => {
    watched.at(medium.duration);
    watched.tell();
  });
  medium.play().catch(() => {});
}

// Players of others say where they are by messages, each in its way.
const ASK = {
  "www.youtube-nocookie.com": { event: "listening", id: 1, channel: "widget" },
  "player.vimeo.com": { method: "addEventListener", value: "timeupdate" },
};

function elsewhere(frame, watched) {
  const url = new URL(frame.src);
  if (url.hostname === "www.youtube-nocookie.com") {
    url.searchParams.set("origin", window.location.origin);
    if (watched.position) url.searchParams.set("start", watched.position);
    frame.src = url.href;
  }
  const ask = ASK[url.hostname];
  const say = () => frame.contentWindow?.postMessage(JSON.stringify(ask), url.origin);
  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== url.origin) return;
    let said;
    try {
      said = typeof data === "string" ? JSON.parse(data) : data;
    } catch {
      return;
    }
    if (said?.event === "ready") say();
    const time = said?.info?.currentTime ?? said?.data?.seconds;
    if (typeof time === "number") watched.at(time);
  });
  if (ask) frame.addEventListener("load", say);
}

for (const section of document.querySelectorAll("[data-oberih-media]")) {
  const facade = section.querySelector("[data-oberih-facade]");
  facade.querySelector("a").addEventListener("click", (event) => {
    event.preventDefault();
    const player = section.querySelector("template").content.cloneNode(true).firstElementChild;
    const watched = new Watched(section.dataset);
    if (player.tagName === "IFRAME") elsewhere(player, watched);
    facade.replaceWith(player);
    if (player.tagName !== "IFRAME") own(player, watched);
    player.focus();
    window.setInterval(() => watched.tell(), EVERY);
    document.addEventListener("visibilitychange", () => { if (document.hidden) watched.tell(); });
    window.addEventListener("pagehide", () => watched.tell());
  });
}

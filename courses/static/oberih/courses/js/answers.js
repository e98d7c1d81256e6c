// Answers on their way to the server: kept on this device until it said that it has them, sent again when the line is back.
// Each has a key of its own, so that sending twice changes nothing.

const MOST = 50;
const LONGEST_WAIT = 60_000;

function newKey() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

export class AnswerQueue {
  // `tell(state, reply)` hears "saving", "saved", "kept" (no line), "unknown" (nobody is logged in) and "closed".
  constructor({ name, url, token, now, tell }) {
    Object.assign(this, { name, url, token, now, tell, busy: null, wait: 2_000, timer: 0, memory: [] });
    window.addEventListener("online", () => this.send());
    document.addEventListener("visibilitychange", () => { if (this.waiting.length) this.send(); });
  }

  get waiting() {
    try {
      return JSON.parse(localStorage.getItem(this.name)) ?? [];
    } catch {
      return this.memory;
    }
  }

  set waiting(answers) {
    this.memory = answers;
    try {
      if (answers.length) localStorage.setItem(this.name, JSON.stringify(answers));
      else localStorage.removeItem(this.name);
    } catch {
      // Without storage they are kept as long as the page is open.
    }
  }

  put(item, chosen) {
    const answer = { uuid: newKey(), item, chosen, given_at: new Date(this.now()).toISOString() };
    this.waiting = [...this.waiting.filter((one) => one.item !== item), answer];
    return this.send();
  }

  forget() {
    clearTimeout(this.timer);
    this.waiting = [];
  }

  // One request at a time, so that the order of answers is theirs. Returns whether nothing is left.
  send() {
    this.busy ??= this.sendAll().finally(() => { this.busy = null; });
    return this.busy;
  }

  async sendAll() {
    clearTimeout(this.timer);
    while (this.waiting.length) {
      this.tell("saving");
      const sent = this.waiting.slice(0, MOST);
      let reply;
      try {
        reply = await this.post(sent);
      } catch (error) {
        return this.later(error.name === "UnknownError" ? "unknown" : "kept");
      }
      if (reply.state === "closed") {
        this.forget();
        this.tell("closed", reply);
        return true;
      }
      const keys = new Set(sent.map((one) => one.uuid));
      this.waiting = this.waiting.filter((one) => !keys.has(one.uuid));
      this.wait = 2_000;
      this.tell("saved", reply);
    }
    return true;
  }

  later(state) {
    this.tell(state);
    this.timer = setTimeout(() => this.send(), this.wait);
    this.wait = Math.min(this.wait * 2, LONGEST_WAIT);
    return false;
  }

  async post(answers, again = true) {
    const response = await fetch(this.url, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": this.token },
      body: JSON.stringify({ answers }),
      keepalive: true,
      redirect: "error",
    });
    // Logging in again, perhaps in another window, makes a new token; the page has it.
    if (response.status === 403 && again && (await this.renewToken())) return this.post(answers, false);
    if (response.status === 403 || response.status === 404) throw new DOMException("", "UnknownError");
    if (!response.ok) throw new Error(`${response.status}`);
    return response.json();
  }

  async renewToken() {
    const page = await fetch(window.location.href);
    const parsed = new DOMParser().parseFromString(await page.text(), "text/html");
    const token = parsed.querySelector("[data-attempt] [name=csrfmiddlewaretoken]")?.value;
    if (token) this.token = token;
    return Boolean(token);
  }
}

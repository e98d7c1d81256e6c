// Saves every answer of an attempt as it is given, and shows how much time is left. Without this file the buttons save.
import { AnswerQueue } from "./answers.js";

const form = document.querySelector("[data-attempt]");
const words = document.querySelector("#attempt-state");
const clock = document.querySelector("#attempt-clock");
const left = document.querySelector("#time-left");

// By the server's clock: that of the device may be wrong.
const skew = Date.parse(form.dataset.now) - Date.now();
const now = () => Date.now() + skew;
let due = Date.parse(form.dataset.due);
let isOver = false;

function say(text) {
  words.textContent = text;
}

function tell(state, reply) {
  if (state === "closed") {
    isOver = true;
    window.location.replace(reply.url);
    return;
  }
  if (state !== "saved") {
    say(words.dataset[state]);
    return;
  }
  if (reply.due_at) due = Date.parse(reply.due_at);
  const refused = reply.answers.find((one) => one.state === "refused");
  const older = reply.answers.some((one) => one.state === "older");
  say(refused?.reason || (older ? words.dataset.older : words.dataset.saved));
}

const queue = new AnswerQueue({
  name: `oberih-attempt-${form.dataset.attempt}`,
  url: form.dataset.answers,
  token: form.elements.csrfmiddlewaretoken.value,
  now,
  tell,
});

function chosenIn(question) {
  const selects = [...question.querySelectorAll("select")];
  if (selects.length) return selects.filter((one) => one.value).map((one) => [one.dataset.option, one.value]);
  const written = question.querySelector("textarea, input:not([type=radio], [type=checkbox])");
  if (written) return written.value.trim() ? [written.value] : [];
  return [...question.querySelectorAll("input:checked")].map((one) => one.value);
}

const typing = new Map();

function save(question) {
  clearTimeout(typing.get(question));
  typing.delete(question);
  return queue.put(question.dataset.item, chosenIn(question));
}

form.addEventListener("change", ({ target }) => {
  const question = target.closest("[data-item]");
  if (question) save(question);
});

form.addEventListener("input", ({ target }) => {
  if (!target.matches("textarea, input:not([type=radio], [type=checkbox])")) return;
  const question = target.closest("[data-item]");
  clearTimeout(typing.get(question));
  typing.set(question, setTimeout(() => save(question), 2_000));
});

// The page that a browser shows without a line would take the answers' place: first the answers, then the form. Who has
// read the warning may try all the same.
let isWarned = false;
form.addEventListener("submit", async (event) => {
  for (const question of [...typing.keys()]) save(question);
  if (!queue.waiting.length || isOver || isWarned) return;
  event.preventDefault();
  const { submitter } = event;
  if (await queue.send()) form.requestSubmit(submitter);
  else {
    isWarned = true;
    say(words.dataset.unsent);
    words.scrollIntoView({ block: "center" });
  }
});

async function handIn() {
  isOver = true;
  clock.textContent = clock.dataset.up;
  await queue.send();
  const wish = document.createElement("input");
  Object.assign(wish, { type: "hidden", name: "wish", value: "hand_in_anyway" });
  form.append(wish);
  form.submit();
}

const lang = document.documentElement.lang;
const unit = (name, count) => new Intl.NumberFormat(lang, { style: "unit", unit: name, unitDisplay: "long" }).format(count);

function tick() {
  if (isOver) return;
  const seconds = Math.max(0, Math.ceil((due - now()) / 1000));
  const time = seconds > 60 ? unit("minute", Math.ceil(seconds / 60)) : unit("second", seconds);
  const text = `${clock.dataset.left} ${time}`;
  if (left.textContent !== text) left.textContent = text;
  left.hidden = false;
  // Said aloud at two moments only: a clock that speaks all the time cannot be worked beside.
  const said = seconds <= 60 ? clock.dataset.one : seconds <= 300 ? clock.dataset.five : "";
  if (clock.textContent !== said) clock.textContent = said;
  if (seconds === 0) handIn();
}

if (due) {
  tick();
  setInterval(tick, 1000);
}

// What an earlier visit could not send: once the server has it, the page shows it.
if (queue.waiting.length) {
  queue.send().then((isSent) => {
    if (isSent && !isOver && !form.matches(":focus-within")) window.location.reload();
  });
}

// Who has to leave at once leaves no trace that can be read.
document.addEventListener("oberih:leave", () => queue.forget());

// Leave this page: at once, with as little left behind as a page can manage.
// The control is a plain link and works without this file; here it also covers the page before the network answers,
// blanks the tab's title, and takes this page's place in the history. What was visited before stays in the history:
// no page can delete that, and the words beside the control must not promise it.

const WINDOW = 5000;
const NEEDED = 3;

const control = document.querySelector("[data-oberih-leave]");

function leave() {
  const cover = document.createElement("div");
  cover.className = "ob-cover";
  cover.setAttribute("role", "alert");
  cover.textContent = control.dataset.leaving;
  document.body.append(cover);
  // Not an empty string: the tab would show the address instead.
  document.title = "\u200e";
  // What was kept for reading without a network is a trace, too.
  navigator.serviceWorker?.controller?.postMessage({ type: "forget" });
  document.dispatchEvent(new Event("oberih:leave"));
  window.location.replace(control.href);
}

function listenForKeys(status) {
  let key = null;
  let presses = 0;
  let timer = 0;
  let alone = false;

  const reset = () => {
    clearTimeout(timer);
    key = null;
    presses = 0;
    status.textContent = "";
  };

  document.addEventListener("keydown", (event) => {
    // Shift with a letter is typing; only a key pressed by itself counts.
    alone = event.key === "Shift" || event.key === "Escape";
    if (!alone || (key && event.key !== key)) reset();
  }, true);

  document.addEventListener("keyup", (event) => {
    if (!alone || (event.key !== "Shift" && event.key !== "Escape")) return;
    if (!presses) timer = setTimeout(reset, WINDOW);
    key = event.key;
    presses += 1;
    if (presses >= NEEDED) {
      reset();
      leave();
      return;
    }
    status.textContent = presses === 1 ? control.dataset.twoMore : control.dataset.oneMore;
  }, true);
}

if (control) {
  const status = document.createElement("p");
  status.className = "ob-visually-hidden";
  status.setAttribute("role", "status");
  control.after(status);
  control.addEventListener("click", (event) => {
    event.preventDefault();
    leave();
  });
  listenForKeys(status);
  // Coming back by the history must not show the cover over a page that still works.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelector(".ob-cover")?.remove();
  });
}

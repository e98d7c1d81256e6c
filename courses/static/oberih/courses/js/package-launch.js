// Runs on the packages' host, around the package: the run-time that it calls, started with what the site's page knows.
//
// The site's page is the only one that is listened to and spoken to. What the package commits is handed up and stored there;
// this page has no cookie and no session. Only when the page is being closed, and nobody above may hear any more, the same
// commit also goes to this host by a beacon, under the address of this page.
(() => {
  const { site, kind } = document.body.dataset;
  const above = window.parent;
  if (above === window) return;

  const tell = (message) => above.postMessage(message, site);
  let api;
  let state;
  let number = 0;
  let seconds = 0;
  let leaving = false;
  let isFinal = false;
  let sent = "";
  let timer;
  let frame;

  // All packages share this origin: what one left in the browser is none of the next one's business, nor of the next learner's.
  const forget = async () => {
    try {
      localStorage.clear();
      sessionStorage.clear();
      for (const one of document.cookie.split(";")) document.cookie = `${one.split("=")[0]}=;max-age=0;path=/`;
      for (const one of (await indexedDB.databases?.()) ?? []) indexedDB.deleteDatabase(one.name);
      for (const one of (await window.caches?.keys()) ?? []) await caches.delete(one);
    } catch {
      // A browser that keeps nothing has nothing to forget.
    }
  };

  const commit = (final = false) => {
    clearTimeout(timer);
    timer = undefined;
    isFinal = isFinal || final;
    const { cmi } = api.renderCMIToJSONObject();
    const text = JSON.stringify(cmi);
    if (text === sent && !final && !leaving) return;
    sent = text;
    number += 1;
    const message = { session: state.session, number, seconds, final: isFinal, cmi: JSON.parse(text) };
    tell({ type: "oberih.commit", ...message });
    if (leaving) navigator.sendBeacon("commit", JSON.stringify(message));
  };

  const soon = () => {
    timer ??= setTimeout(commit, 300);
  };

  const begin = () => {
    const Api = kind === "scorm12" ? window.Scorm12API : window.Scorm2004API;
    api = new Api({
      autocommit: false,
      lmsCommitUrl: "relayed",
      sendFullCommit: true,
      dataCommitFormat: "json",
      logLevel: "NONE",
      // The site decides what was passed when its author said from which score on.
      mastery_override: true,
      httpService: {
        processHttpRequest(_url, _data, immediate) {
          commit(immediate);
          return { result: "true", errorCode: 0 };
        },
        updateSettings() {},
      },
    });
    api.loadFromJSON(state.cmi, "cmi");
    for (const name of ["LMSSetValue", "SetValue"]) api.on(name, soon);
    window[kind === "scorm12" ? "API" : "API_1484_11"] = api;

    frame = document.createElement("iframe");
    frame.title = state.title;
    frame.lang = state.language;
    frame.allow = "fullscreen; autoplay";
    frame.src = `f/${state.href}`;
    document.body.append(frame);
    setInterval(() => {
      if (document.visibilityState === "visible") seconds += 1;
    }, 1000);
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") commit();
    });
    window.addEventListener("pagehide", () => {
      leaving = true;
      commit();
    });
  };

  const key = crypto.randomUUID();
  const ready = setInterval(() => tell({ type: "oberih.ready", key }), 200);
  window.addEventListener("message", async (event) => {
    if (event.source !== above || event.origin !== site) return;
    if (event.data?.type === "oberih.start" && !state) {
      clearInterval(ready);
      state = event.data;
      document.documentElement.lang = state.language;
      await forget();
      begin();
    } else if (event.data?.type === "oberih.stop") {
      // Taking the package away lets it say its last words, as many do only then.
      frame?.remove();
      if (api) commit();
      tell({ type: "oberih.stopped" });
    }
  });
})();

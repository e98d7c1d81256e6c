// Runs on the packages' host: plays H5P with the files that whoever runs the site has added, and hands up what it reports.
(() => {
  const { site, h5p } = document.body.dataset;
  const above = window.parent;
  if (above === window) return;

  const tell = (message) => above.postMessage(message, site);
  let state;
  let number = 0;
  let seconds = 0;
  let sent = "";
  let leaving = false;

  const player = () => document.querySelector(".h5p-iframe")?.contentWindow?.H5P;

  const commit = () => {
    const running = player()?.instances?.[0];
    let kept;
    try {
      kept = JSON.stringify(running?.getCurrentState?.());
    } catch {
      // A content type that cannot say where it is begins anew the next time.
    }
    if (!kept || kept === sent || kept.length > 60_000) return;
    sent = kept;
    number += 1;
    const message = { session: state.session, number, seconds, final: false, cmi: { state: kept } };
    tell({ type: "oberih.commit", ...message });
    if (leaving) navigator.sendBeacon("commit", JSON.stringify(message));
  };

  // The player makes its frame without a name, a language or a direction.
  const dress = () => {
    const inner = document.querySelector(".h5p-iframe");
    if (!inner?.contentDocument?.documentElement) return;
    inner.title = state.title;
    inner.contentDocument.documentElement.lang = state.language;
    inner.contentDocument.documentElement.dir = state.direction;
  };

  // Browsers that keep nothing for a frame of another site throw when they are asked, and the player asks unprepared.
  const lend = (inner) => {
    for (const name of ["localStorage", "sessionStorage"]) {
      try {
        inner[name].getItem("");
      } catch {
        const kept = new Map();
        const value = {
          getItem: (key) => kept.get(key) ?? null,
          setItem: (key, text) => kept.set(key, String(text)),
          removeItem: (key) => kept.delete(key),
          clear: () => kept.clear(),
        };
        Object.defineProperty(inner, name, { value, configurable: true });
      }
    }
  };

  const begin = async () => {
    const stage = document.createElement("div");
    stage.id = "stage";
    new MutationObserver(() => {
      for (const one of stage.querySelectorAll("iframe")) lend(one.contentWindow);
    }).observe(stage, { childList: true, subtree: true });
    document.body.append(stage);
    const { H5P } = window.H5PStandalone;
    await new H5P(stage, {
      h5pJsonPath: new URL("f", window.location).pathname,
      frameJs: `${h5p}frame.bundle.js`,
      frameCss: `${h5p}styles/h5p.css`,
      xAPIObjectIRI: `urn:uuid:${state.session}`,
      user: { name: "Learner", mail: "learner@learner.invalid" },
      // As its core reads it; without a time to save it forgets what it was given. What it would ask the network for besides
      // is answered with nothing.
      saveFreq: 3600,
      contentUserData: state.cmi.state ? [{ state: state.cmi.state }] : undefined,
      ajax: { contentUserDataUrl: 'data:application/json,{"success":true,"data":false}' },
    });
    dress();
    const dispatcher = player()?.externalDispatcher ?? window.H5P?.externalDispatcher;
    dispatcher?.on("xAPI", (event) => {
      const statement = JSON.parse(JSON.stringify(event.data.statement));
      delete statement.actor;
      statement.id ??= crypto.randomUUID();
      tell({ type: "oberih.statement", statement });
      commit();
    });
    setInterval(() => {
      if (document.visibilityState === "visible") seconds += 1;
      if (seconds % 5 === 0) commit();
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
  window.addEventListener("message", (event) => {
    if (event.source !== above || event.origin !== site) return;
    if (event.data?.type === "oberih.start" && !state) {
      clearInterval(ready);
      state = event.data;
      document.documentElement.lang = state.language;
      document.documentElement.dir = state.direction;
      begin();
    } else if (event.data?.type === "oberih.stop") {
      commit();
      tell({ type: "oberih.stopped" });
    }
  });
})();

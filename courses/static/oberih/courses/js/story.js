// Goes on with a case story in its place, from the scenes that are on the page already: no request, no network needed.
// Without this file each choice is a link to the lesson with the path in its address.

function part(section, name) {
  return section.querySelector(`template[data-part="${name}"]`).content.cloneNode(true);
}

function sceneOf(section, key) {
  return key ? section.querySelector(`template[data-scene="${CSS.escape(key)}"]`) : null;
}

function tell(section, path) {
  const name = section.dataset.oberihStory;
  const address = (numbers) => {
    const url = new URL(window.location);
    if (numbers.length) url.searchParams.set(name, numbers.join("."));
    else url.searchParams.delete(name);
    url.hash = section.id;
    // Without the host, which a printed page would spell out.
    return url.pathname + url.search + url.hash;
  };
  const shown = [];
  const steps = part(section, "steps");
  const pattern = steps.querySelector("li");
  pattern.remove();
  const taken = [];
  let scene = sceneOf(section, section.dataset.start);
  let feedback = "";
  for (const number of path.split(".").filter(Boolean).map(Number)) {
    const way = scene?.content.querySelectorAll("[data-leads-to]")[number];
    if (!way) break;
    const step = pattern.cloneNode(true);
    const link = step.querySelector("a");
    link.textContent = way.textContent;
    link.href = address(taken);
    steps.querySelector("ol").append(step);
    taken.push(number);
    feedback = way.dataset.feedback;
    scene = sceneOf(section, way.dataset.leadsTo);
  }
  if (taken.length) shown.push(steps);
  if (feedback) {
    const notice = part(section, "feedback");
    notice.querySelector("[data-text]").textContent = feedback;
    shown.push(notice);
  }
  if (scene) {
    const now = scene.content.cloneNode(true);
    now.querySelectorAll("[data-leads-to]").forEach((way, number) => { way.href = address([...taken, number]); });
    shown.push(now);
  }
  if (!scene?.content.querySelector("[data-leads-to]")) {
    const end = part(section, "end");
    end.querySelector("a").href = address([]);
    shown.push(end);
  }
  section.querySelector("[data-now]").replaceChildren(...shown);
  window.history.replaceState(window.history.state, "", address(taken));
}

for (const section of document.querySelectorAll("[data-oberih-story]")) {
  section.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const plain = link && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey && event.button === 0;
    const url = plain && new URL(link.href);
    if (!url || url.hash !== `#${section.id}`) return;
    event.preventDefault();
    tell(section, url.searchParams.get(section.dataset.oberihStory) ?? "");
    section.focus();
    section.scrollIntoView({ block: "start" });
  });
}

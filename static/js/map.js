// The button "Vis kort". Leaflet and what the map draws are fetched when somebody asks for the map, and not before.
attach(document.querySelector("[data-map]"));
// A list that was swapped in place has a map of its own.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id === "resultater") attach(document.querySelector("[data-map]"));
});

function attach(section) {
  if (!section) return;
  const button = section.querySelector("button[aria-controls]");
  const panel = document.getElementById(button.getAttribute("aria-controls"));
  const failure = section.querySelector("[data-failure]");
  let opened = null;

  const open = async () => {
    panel.hidden = false;
    label(true);
    opened ??= start(section);
    try {
      (await opened).shown();
      failure.hidden = true;
    } catch (error) {
      console.warn(error);
      opened = null; // the next press tries again
      failure.hidden = false;
    }
  };

  const label = (isOpen) => {
    button.setAttribute("aria-expanded", String(isOpen));
    button.querySelector("span").textContent = isOpen ? "Skjul kort" : "Vis kort";
  };

  button.addEventListener("click", () => {
    if (panel.hidden) {
      open();
    } else {
      panel.hidden = true;
      label(false);
    }
  });
  section.hidden = false;
  if (location.hash === "#kort") open(); // after "Søg i dette område" one is still at the map
}

async function start(section) {
  const [{ ClinicMap }, places] = await Promise.all([
    import(section.dataset.view),
    import(section.dataset.places),
    load("link", { rel: "stylesheet", href: section.dataset.leafletCss }),
    load("script", { src: section.dataset.leaflet }),
  ]);
  const map = new ClinicMap(section, places);
  await map.start();
  return map;
}

function load(tag, attributes) {
  return new Promise((loaded, failed) => {
    const element = Object.assign(document.createElement(tag), attributes);
    element.addEventListener("load", loaded);
    element.addEventListener("error", () => {
      element.remove();
      failed(new Error(`cannot load ${attributes.src || attributes.href}`));
    });
    document.head.append(element);
  });
}

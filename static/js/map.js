// The button "Vis kort". Leaflet and what the map draws are fetched when somebody asks for the map, and not before.
const loading = new Map(); // once a page, however often the map is opened
let current = null; // the section whose button works, and whether its map is open

setUp(location.hash === "#kort"); // after "Søg i dette område" one is still at the map
// The list and the map of it are changed in place (results.js): the new one is as open as the one before.
document.addEventListener("htmx:afterSwap", () => setUp(current?.isOpen()));

function setUp(openAtOnce) {
  const section = document.querySelector("[data-map]");
  if (!section || section === current?.section) return;
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
  current?.close();
  current = {
    section,
    isOpen: () => !panel.hidden,
    close: () => opened?.then((map) => map.remove()).catch(() => {}),
  };
  if (openAtOnce) open();
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
  const address = attributes.src || attributes.href;
  if (!loading.has(address)) {
    loading.set(
      address,
      new Promise((loaded, failed) => {
        const element = Object.assign(document.createElement(tag), attributes);
        element.addEventListener("load", loaded);
        element.addEventListener("error", () => {
          element.remove();
          loading.delete(address);
          failed(new Error(`cannot load ${address}`));
        });
        document.head.append(element);
      }),
    );
  }
  return loading.get(address);
}

// A clinic's pin: dragged, or moved with the arrow keys; the two number fields are what is sent, and work without any of this.
const METRES = 10;
const NAMES = 25; // towns
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
const form = document.querySelector("[data-pin]");
if (form && window.L) start().catch((error) => console.warn(error));

async function start() {
  const L = window.L;
  const fields = ["latitude", "longitude"].map((name) => form.elements[name]);
  const holder = form.querySelector("[data-map]");
  const status = form.querySelector("[data-status]");
  const typed = () => fields.map((field) => Number.parseFloat(field.value.replace(",", ".")));
  const isPoint = ([latitude, longitude]) => Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180;
  if (!isPoint(typed())) return;
  holder.hidden = false;

  const map = L.map(holder.querySelector("[data-canvas]"), {
    minZoom: 6,
    maxZoom: 18,
    scrollWheelZoom: false,
    keyboard: false, // the arrows move the pin
    zoomControl: false,
    zoomAnimation: !still,
    markerZoomAnimation: !still,
    fadeAnimation: !still,
    inertia: !still,
  });
  map.attributionControl.setPrefix(false);
  L.control.zoom({ zoomInTitle: "Zoom ind", zoomOutTitle: "Zoom ud" }).addTo(map);
  map.setView(typed(), form.dataset.tiles ? 16 : 11);

  const icon = L.divIcon({ className: "pin__pin", iconSize: null });
  const marker = L.marker(typed(), { icon, draggable: true, keyboard: true, autoPan: true, alt: "Klinikkens nål" }).addTo(map);
  const element = marker.getElement();
  element.setAttribute("role", "button");
  element.setAttribute("aria-label", "Klinikkens nål. Flyt den med piletasterne.");

  const write = () => {
    const { lat, lng } = marker.getLatLng();
    [lat, lng].forEach((degrees, index) => (fields[index].value = degrees.toFixed(6).replace(".", ",")));
    status.textContent = `Nålen står på ${fields[0].value} nord og ${fields[1].value} øst. Tryk “Bekræft punktet” for at gemme.`;
  };
  marker.on("dragend", write);
  element.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!step) return;
    event.preventDefault();
    const { lat, lng } = marker.getLatLng();
    const degrees = (METRES * (event.shiftKey ? 10 : 1)) / 111_320;
    marker.setLatLng([lat + step[0] * degrees, lng + (step[1] * degrees) / Math.cos((lat * Math.PI) / 180)]);
    map.panInside(marker.getLatLng(), { padding: [40, 40], animate: !still });
    write();
  });
  fields.forEach((field) =>
    field.addEventListener("change", () => {
      if (!isPoint(typed())) return;
      marker.setLatLng(typed());
      map.setView(typed(), map.getZoom(), { animate: !still });
    }),
  );
  await base(L, map);
}

/** Tiles where the site has them, or else our own outline with the names of towns. */
async function base(L, map) {
  const { tiles, tileAttribution, outline, towns, attribution } = form.dataset;
  if (tiles) {
    L.tileLayer(tiles, { attribution: tileAttribution, maxZoom: 18 }).addTo(map);
    return;
  }
  const [land, names] = await Promise.all([outline, towns].map(async (address) => (await fetch(address)).json()));
  L.geoJSON(land, { interactive: false, style: { className: "map__land", fillOpacity: 1, weight: 1 } }).addTo(map);
  map.attributionControl.addAttribution(attribution);
  const layer = L.layerGroup().addTo(map);
  map.createPane("names").setAttribute("aria-hidden", "true");
  const name = () => {
    layer.clearLayers();
    const taken = [];
    for (const [text, latitude, longitude, from] of names) {
      if (from > map.getZoom() || !map.getBounds().contains([latitude, longitude]) || taken.length === NAMES) continue;
      const { x, y } = map.latLngToContainerPoint([latitude, longitude]);
      const half = text.length * 4.5 + 8;
      if (taken.some((one) => Math.abs(one.x - x) < one.half + half && Math.abs(one.y - y) < 22)) continue;
      taken.push({ x, y, half });
      const icon = L.divIcon({ className: "pin__name", html: text, iconSize: null });
      L.marker([latitude, longitude], { icon, interactive: false, keyboard: false, pane: "names" }).addTo(layer);
    }
  };
  map.on("moveend", name);
  name();
}

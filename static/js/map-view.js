// The map itself: Leaflet over our own outline of Denmark, places from /api/v1/clinics.geojson. docs/map.md
let L; // Leaflet, once it is there
const DEEPEST = 18;
const NAMES = 40; // of towns at once
const still = matchMedia("(prefers-reduced-motion: reduce)").matches;

export class ClinicMap {
  /** `places`: map-places.js, whose address has a hash in it that only the page knows. */
  constructor(section, places) {
    this.section = section;
    this.places = places;
    this.canvas = section.querySelector("[data-canvas]");
    this.status = section.querySelector("[data-status]");
    this.searchHere = section.querySelector("[data-search-here]");
    this.markers = new Map(); // what a place is, as text → its marker
    L = window.L;
  }

  async start() {
    const area = new URLSearchParams(location.search).get("omraade");
    const tiles = this.section.dataset.tiles;
    const [first, outline, towns] = await Promise.all([
      this.ask(area ? { bbox: area } : {}),
      tiles ? null : json(this.section.dataset.outline),
      tiles ? [] : json(this.section.dataset.towns),
    ]);
    this.towns = towns;
    this.map = L.map(this.canvas, {
      minZoom: 6,
      maxZoom: DEEPEST,
      scrollWheelZoom: false, // the wheel scrolls the page
      zoomControl: false,
      zoomAnimation: !still,
      fadeAnimation: !still,
      markerZoomAnimation: !still,
      inertia: !still,
    });
    if (still) {
      // Leaflet slides at the arrow keys and to make room for a popup, whatever its options say.
      const pan = this.map.panBy;
      this.map.panBy = (offset, options) => pan.call(this.map, offset, { ...options, animate: false });
    }
    this.map.attributionControl.setPrefix(false);
    L.control.zoom({ zoomInTitle: "Zoom ind", zoomOutTitle: "Zoom ud" }).addTo(this.map);
    if (tiles) {
      L.tileLayer(tiles, { attribution: this.section.dataset.tileAttribution, maxZoom: DEEPEST }).addTo(this.map);
    } else {
      this.drawOutline(outline);
    }
    this.listen();
    this.fit(first.bbox);
    this.draw(first, this.map.getZoom());
    this.moved = false;
    this.map.on("moveend", () => this.afterMove());
  }

  /** Called whenever the panel has become visible: its size may have changed meanwhile. */
  shown() {
    this.map.invalidateSize({ animate: false });
    this.refresh();
  }

  /** For a map whose section has left the page. */
  remove() {
    clearTimeout(this.waiting);
    this.asking?.abort();
    this.map.remove();
  }

  fit([west, south, east, north]) {
    this.map.fitBounds(box(west, south, east, north), { animate: false, maxZoom: 15, padding: [24, 24] });
    this.nameTowns();
  }

  drawOutline(outline) {
    L.geoJSON(outline, { interactive: false, style: { className: "map__land", fillOpacity: 1, weight: 1 } }).addTo(this.map);
    this.map.attributionControl.addAttribution(this.section.dataset.attribution);
    const pane = this.map.createPane("names");
    pane.setAttribute("aria-hidden", "true");
    this.names = L.layerGroup().addTo(this.map);
  }

  /** As many names of towns as there is room for, the largest first. */
  nameTowns() {
    if (!this.names) return;
    this.names.clearLayers();
    const zoom = this.map.getZoom();
    const view = this.map.getBounds();
    const taken = [];
    for (const [name, latitude, longitude, from] of this.towns) {
      if (from > zoom || !view.contains([latitude, longitude])) continue;
      const { x, y } = this.map.latLngToContainerPoint([latitude, longitude]);
      const half = name.length * 4.5 + 8;
      if (taken.some((one) => Math.abs(one.x - x) < one.half + half && Math.abs(one.y - y) < 22)) continue;
      taken.push({ x, y, half });
      const icon = L.divIcon({ className: "map__name", html: name, iconSize: null });
      L.marker([latitude, longitude], { icon, interactive: false, keyboard: false, pane: "names" }).addTo(this.names);
      if (taken.length === NAMES) return;
    }
  }

  listen() {
    this.map.on("autopanstart", () => (this.panning = true)); // making room for a popup is no search
    this.map.on("popupclose", ({ popup }) => {
      const inside = popup.getElement()?.contains(document.activeElement);
      if (inside || document.activeElement === document.body) this.focus(this.opener);
    });
    this.canvas.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.popup?.isOpen()) {
        event.stopPropagation();
        this.popup.close();
      }
    });
    this.section.querySelectorAll("[data-pan]").forEach((button) => {
      const [x, y] = button.dataset.pan.split(",").map(Number);
      button.addEventListener("click", () => {
        const size = this.map.getSize();
        this.map.panBy([x * size.x * 0.6, y * size.y * 0.6]);
      });
    });
  }

  afterMove() {
    this.nameTowns();
    if (!this.panning) this.offerSearch();
    this.panning = false;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.refresh(), 120);
  }

  /** The same search for what can be seen: without the page, and without a distance from the place. */
  offerSearch() {
    const address = new URL(location.href);
    ["side", "radius", "kun_radius"].forEach((name) => address.searchParams.delete(name));
    address.searchParams.set("omraade", this.seen().join(","));
    address.hash = "kort";
    this.searchHere.href = address;
    this.searchHere.hidden = false;
  }

  /** West, south, east and north of what can be seen. */
  seen() {
    const view = this.map.getBounds();
    // As the server writes them, without a zero at the end: one area has one address.
    const inside = (number, limit) => Number(Math.max(-limit, Math.min(limit, number)).toFixed(4));
    return [
      inside(view.getWest(), 180),
      inside(view.getSouth(), 90),
      inside(view.getEast(), 180),
      inside(view.getNorth(), 90),
    ];
  }

  async refresh() {
    this.asking?.abort();
    this.asking = new AbortController();
    try {
      const zoom = this.map.getZoom();
      this.draw(await this.ask({ bbox: this.seen().join(","), zoom }, this.asking.signal), zoom);
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = "Klinikkerne på kortet kunne ikke hentes. Listen er hel uden kortet.";
    }
  }

  ask(parameters, signal) {
    const address = new URL(this.section.dataset.url, location.href);
    Object.entries(parameters).forEach(([name, value]) => address.searchParams.set(name, value));
    return json(address, signal);
  }

  /** What is already there stays, so that neither the focus nor an open popup is lost when the map moves a little. */
  draw({ features, count, total }, zoom) {
    this.drawnAt = zoom;
    const places = new Map(features.map((place) => [JSON.stringify(place), place]));
    const focused = this.canvas.contains(document.activeElement) ? document.activeElement : null;
    for (const [key, marker] of this.markers) {
      if (places.has(key)) continue;
      marker.remove();
      this.markers.delete(key);
    }
    for (const [key, place] of places) {
      if (!this.markers.has(key)) this.markers.set(key, this.mark(place));
    }
    this.inOrder([...places.keys()].map((key) => this.markers.get(key).getElement()));
    if (focused && document.activeElement !== focused) this.focus(focused);
    this.status.textContent = told(count, total);
  }

  /** One walks through the places with the tab key as they are numbered. */
  inOrder(elements) {
    const pane = this.map.getPane("markerPane");
    if (elements.some((element, index) => pane.children[index] !== element)) pane.append(...elements);
  }

  mark(place) {
    const [longitude, latitude] = place.geometry.coordinates;
    const { properties } = place;
    const marker = L.marker([latitude, longitude], {
      icon: L.divIcon({ ...this.places.signOf(properties), iconSize: null }),
      zIndexOffset: properties.numbers.length ? 10_000 - properties.numbers[0] : 0,
    }).addTo(this.map);
    const element = marker.getElement();
    element.setAttribute("aria-label", this.places.labelOf(properties));
    const choose = () => (properties.kind === "cluster" ? this.enter(properties) : this.tell(marker, properties));
    marker.on("click", choose);
    element.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose();
    });
    return marker;
  }

  /** Closer, until what stands together comes apart: at least one level deeper than the view that the sign was drawn for. That
   * may be a wider one than the map is on its way to, and a level more than this would lead past its clinics to an empty map. */
  enter({ bounds }) {
    const around = box(...bounds);
    const fits = this.map.getBoundsZoom(around, false, L.point(60, 60));
    this.canvas.focus({ preventScroll: true });
    this.map.setView(around.getCenter(), Math.min(Math.max(fits, this.drawnAt + 1), DEEPEST), { animate: !still });
  }

  tell(marker, properties) {
    this.opener = marker.getElement();
    const size = this.map.getSize();
    this.popup = L.popup({
      closeButton: false, // Leaflet's own speaks English; ours is in the content
      offset: [0, properties.numbers.length ? -38 : -8],
      maxWidth: Math.min(320, size.x - 100),
      minWidth: Math.min(220, size.x - 100),
      autoPanPaddingTopLeft: [60, 8], // beside the buttons that zoom
      maxHeight: Math.max(140, size.y - 120),
    })
      .setLatLng(marker.getLatLng())
      .setContent(this.places.contentOf(properties, () => this.popup.close()))
      .openOn(this.map);
    this.popup.getElement().querySelector("a")?.focus({ preventScroll: true });
  }

  focus(element) {
    (element?.isConnected ? element : this.canvas).focus({ preventScroll: true });
  }
}

const box = (west, south, east, north) => L.latLngBounds([south, west], [north, east]);

function told(count, total) {
  if (!count) return "Ingen af listens klinikker ligger her på kortet.";
  if (count === total) return total === 1 ? "Kortet viser listens ene klinik." : `Kortet viser alle ${total} klinikker på listen.`;
  return `Kortet viser ${count} af ${total} klinikker på listen.`;
}

async function json(address, signal) {
  const response = await fetch(address, { signal });
  if (!response.ok) throw new Error(`${response.status}: ${address}`);
  return response.json();
}

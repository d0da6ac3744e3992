// How a place on the map looks and what it says. Text goes in as text, never as HTML.
const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
  element.append(...children);
  return element;
};

/** Class and text of a sign: a pin with its number in the list ("2, 6, 9" for up to three, "2 m.fl." for more), a dot for a clinic
 * of another page, a ring with how many. */
export function signOf({ count, numbers, kind }) {
  if (numbers.length) {
    // "5 +6" beside a pin "6" was read as number 6
    const html = count <= 3 && numbers.length === count ? numbers.join(", ") : `${numbers[0]} m.fl.`;
    return { className: "map__place map__pin", html };
  }
  if (count === 1) return { className: "map__place map__dot", html: "" };
  const size = count < 10 ? "" : count < 100 ? " map__ring--tens" : " map__ring--hundreds";
  const html = count < 10_000 ? `${count}` : `${Math.floor(count / 1000)}t`;
  return { className: `map__place map__ring${size}${kind === "point" ? " map__ring--point" : ""}`, html };
}

/** What a screen reader says of it. */
export function labelOf({ kind, count, numbers, clinics }) {
  const known = numbers.length ? `, nummer ${listed(numbers)} på listen` : "";
  if (kind === "cluster") return `${count} klinikker${known}. Zoom ind`;
  if (count === 1) return `${clinics[0].name}${known}`;
  return `${count} klinikker samme sted${known}`;
}

const listed = (numbers) => (numbers.length === 1 ? `${numbers[0]}` : `${numbers.slice(0, -1).join(", ")} og ${numbers.at(-1)}`);

/** The popup of a place with one clinic or several. */
export function contentOf({ count, clinics }, close) {
  const box = make("div", {
    class: "map__about",
    role: "dialog",
    "aria-label": count === 1 ? clinics[0].name : `${count} klinikker samme sted`,
  });
  if (count > 1) box.append(make("p", { class: "map__several" }, `${count} klinikker samme sted`));
  box.append(make("ul", { role: "list" }, ...clinics.map(clinicItem)));
  if (count > clinics.length) box.append(make("p", {}, `${count - clinics.length} flere står på listen.`));
  const button = make("button", { type: "button", class: "map__close" }, "Luk");
  button.addEventListener("click", close);
  box.append(button);
  return box;
}

function clinicItem(clinic) {
  const name = make("a", { href: clinic.url }, clinic.name);
  const item = make("li", {}, make("p", { class: "map__clinic" }, ...(clinic.number ? [`${clinic.number}. `] : []), name));
  const approximate = clinic.location_precision === "postcode";
  item.append(make("p", {}, clinic.address));
  if (approximate) item.append(make("p", { class: "map__approximate" }, "Placeringen er ca.: vi kender kun postnummeret."));
  if (clinic.is_example) item.append(make("p", {}, make("span", { class: "mark-text" }, "Eksempel – opdigtet klinik")));
  const card = clinic.number && document.querySelector(`.clinic-card h3 a[href^="/klinik/${CSS.escape(clinic.slug)}/"]`);
  if (card) {
    const there = make("a", { href: "#klinikker" }, `Vis nummer ${clinic.number} på listen`);
    there.addEventListener("click", (event) => {
      event.preventDefault();
      card.focus();
      card.closest("li")?.scrollIntoView({ block: "nearest" });
    });
    item.append(make("p", {}, there));
  }
  return item;
}

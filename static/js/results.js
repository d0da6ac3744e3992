// Announced, and seen while somebody has to wait for it.
const status = document.querySelector("[data-announce]");
const say = (text, { seen = false } = {}) => {
  status.classList.toggle("visually-hidden", !seen);
  status.textContent = text;
};

// A list that takes its time says so.
let waiting;
document.addEventListener("htmx:beforeRequest", () => {
  clearTimeout(waiting);
  document.getElementById("resultater").setAttribute("aria-busy", "true");
  waiting = setTimeout(() => say("Henter klinikker …", { seen: true }), 400);
});
document.addEventListener("htmx:afterRequest", () => {
  clearTimeout(waiting);
  document.getElementById("resultater").removeAttribute("aria-busy");
  say("");
});

// After htmx has changed the list: say how many there are, and go to it, as a whole page would have done.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "resultater") return;
  const list = document.getElementById("klinikker");
  say(list.dataset.found);
  list.focus({ preventScroll: true });
  const above = document.querySelector(".notice--gate") ?? list;
  above.scrollIntoView();
});

// What htmx cannot fetch the browser may still be able to, or it says why not.
for (const name of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    location.assign(event.detail.pathInfo.finalRequestPath);
  });
}

// Who is ticked to be compared stands in the address, and so survives the way to another page of the list, another filter,
// a clinic's page and back. Links and forms were written before the last tick.
const ticked = () => new URLSearchParams(location.search).getAll("klinik");
const withTicks = (address, slugs) => {
  const url = new URL(address, location.href);
  url.searchParams.delete("klinik");
  slugs.forEach((slug) => url.searchParams.append("klinik", slug));
  return url.pathname + url.search + url.hash;
};

document.addEventListener("change", ({ target }) => {
  if (target.form?.id !== "sammenlign") return;
  const slugs = new FormData(target.form).getAll("klinik");
  history.replaceState(history.state, "", withTicks(location.href, slugs));
  target.form.querySelector("[data-ticked]").textContent = slugs.length ? ` (${slugs.length})` : "";
});
document.addEventListener(
  "click",
  ({ target }) => {
    const link = target.closest(".results a[href]");
    if (link?.pathname === location.pathname && link.search && !("untick" in link.dataset)) {
      link.href = withTicks(link.href, ticked());
    }
  },
  { capture: true },
);
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.elt.localName === "a") detail.path = withTicks(detail.path, ticked()); // htmx read it before the last tick
});
document.addEventListener("formdata", ({ target, formData }) => {
  if (!target.closest(".filters")) return;
  for (const [name, value] of [...formData]) if (!value) formData.delete(name); // an address without what was not chosen
  formData.delete("klinik");
  ticked().forEach((slug) => formData.append("klinik", slug));
});

// htmx notes the address of the page in the window's storage: what hurts, and where. Nothing is kept here that nobody asked for.
const leaveNothing = () => sessionStorage.removeItem("htmx-current-path-for-history");
try {
  leaveNothing();
  for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.addEventListener(name, leaveNothing);
} catch {
  // a browser that keeps nothing at all
}

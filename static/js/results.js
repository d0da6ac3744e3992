// After htmx has changed the list: say how many there are, and go to it, as a whole page would have done.
document.addEventListener("htmx:afterSettle", (event) => {
  if (event.detail.target?.id !== "resultater") return;
  const list = document.getElementById("klinikker");
  document.querySelector("[data-announce]").textContent = list.dataset.found;
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

// htmx notes the address of the page in the window's storage: what hurts, and where. Nothing is kept here that nobody asked for.
const leaveNothing = () => sessionStorage.removeItem("htmx-current-path-for-history");
try {
  leaveNothing();
  for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) document.addEventListener(name, leaveNothing);
} catch {
  // a browser that keeps nothing at all
}

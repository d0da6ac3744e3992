// Counts taps on a clinic's telephone and links for the clinic itself: the name of what was tapped, and nothing else.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-tap], a[href^='tel:']");
  const clinic = link?.closest("[data-counted]")?.dataset.counted;
  if (!clinic) return;
  navigator.sendBeacon?.(`/klinik/${clinic}/talt/`, link.dataset.tap ?? "phone");
});

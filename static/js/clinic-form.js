// A link to a section opens it here, so that nothing typed is lost; without this script the server opens it.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-section], .faults a");
  if (!link) return;
  const section = document.getElementById(link.dataset.section || link.hash.slice(1));
  if (!section) return;
  event.preventDefault();
  section.open = true;
  section.scrollIntoView();
  section.querySelector("summary").focus({ preventScroll: true });
});

// The form of an article: the live preview, the way from a finding to its line, and care for text that is not saved yet.
// htmx fetches the preview; without this file the form works all the same.
(() => {
  "use strict";
  const form = document.getElementById("article_form");
  const body = document.getElementById("id_body");
  const preview = document.getElementById("preview");
  if (!form || !preview) return;
  const problem = document.getElementById("preview-problem");

  // The public page in a shadow root: its stylesheets and the admin's do not meet.
  const frame = document.getElementById("preview-page");
  const root = frame.attachShadow({ mode: "open" });
  const page = document.createElement("div");
  page.className = "preview-root";
  root.append(document.getElementById("preview-styles").content.cloneNode(true), page);

  function show() {
    const content = document.getElementById("preview-content");
    frame.hidden = !content;
    if (content) page.replaceChildren(content.content.cloneNode(true));
  }

  // A link in the preview would leave the text behind: those within the page scroll, the others do nothing.
  root.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    event.preventDefault();
    const hash = link.getAttribute("href").split("#")[1];
    const target = hash && root.getElementById(decodeURIComponent(hash));
    if (target) target.scrollIntoView({ block: "nearest" });
  });
  root.addEventListener("submit", (event) => event.preventDefault());

  function copyButtons() {
    for (const button of document.querySelectorAll("[data-copy]")) {
      if (!navigator.clipboard) break; // without https the field is there to copy from by hand
      button.hidden = false;
      button.addEventListener("click", () => {
        const field = document.getElementById(button.dataset.copy);
        field.select();
        navigator.clipboard.writeText(field.value).then(() => { button.textContent = button.dataset.done; });
      });
    }
  }

  // Select2 gives its box no name of its own. It makes the box a moment after the page is read.
  function nameBoxes() {
    for (const box of document.querySelectorAll(".select2-selection, .select2-selection__rendered")) {
      const field = box.closest(".form-row").querySelector("label");
      box.setAttribute("aria-label", field.textContent.trim().replace(/:$/, ""));
      box.removeAttribute("aria-labelledby");
    }
  }
  addEventListener("load", () => setTimeout(nameBoxes));

  show();
  copyButtons();
  if (!body) return; // somebody who may only look

  function tell(text) {
    problem.textContent = text;
    problem.hidden = !text;
  }

  let open;
  document.addEventListener("htmx:beforeSwap", (event) => {
    // Somebody who was logged out gets the log-in page: it does not belong in the preview.
    const loggedOut = !new URL(event.detail.xhr.responseURL).pathname.endsWith("/preview/");
    if (loggedOut) event.detail.shouldSwap = false;
    open = preview.querySelector(".findings")?.open;
    tell(loggedOut ? preview.dataset.loggedOut : "");
  });
  document.addEventListener("htmx:afterSwap", () => {
    const findings = preview.querySelector(".findings");
    if (findings && open !== undefined) findings.open = open; // as the editor left it
    show();
  });
  for (const failure of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
    document.addEventListener(failure, () => tell(preview.dataset.failed));
  }

  // From a finding to its line
  function goTo(line) {
    const lines = body.value.split("\n");
    const start = lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, 0);
    const end = start + (lines[line - 1] || "").length;
    body.focus();
    body.setSelectionRange(start, end);
    body.scrollTop = heightOf(body.value.slice(0, start)) - body.clientHeight / 3;
  }

  // Lines wrap, so their number alone does not say how far down one stands: the same text in a box of the same width does.
  function heightOf(text) {
    const style = getComputedStyle(body);
    const box = document.createElement("div");
    box.className = "measure";
    for (const name of ["font", "lineHeight", "letterSpacing", "paddingLeft", "paddingRight"]) box.style[name] = style[name];
    box.style.width = `${body.clientWidth}px`;
    box.textContent = text;
    document.body.append(box);
    const height = box.offsetHeight;
    box.remove();
    return height;
  }

  preview.addEventListener("click", (event) => {
    const button = event.target.closest("[data-line]");
    if (button) goTo(Number(button.dataset.line));
  });
  const asked = location.hash.match(/^#linje-(\d+)$/); // a link from the safety screen
  if (asked) addEventListener("load", () => { body.scrollIntoView(); goTo(Number(asked[1])); });

  // Text that is not saved
  const saved = body.value;
  let leaving = false;
  form.addEventListener("submit", (event) => {
    if (event.submitter && event.submitter.name === "_preview") return;
    leaving = true;
    keep();
  });
  addEventListener("pageshow", () => { leaving = false; });
  addEventListener("beforeunload", (event) => {
    if (!leaving && body.value !== saved) event.preventDefault();
  });

  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key !== "s") return;
    event.preventDefault();
    form.requestSubmit(form.querySelector("[name=_continue]"));
  });

  // What was sent waits in this window's own memory until the server shows the same text: a log-in that had run out in the
  // meantime would otherwise swallow it.
  const key = `sent ${location.pathname}`;
  const sent = sessionStorage.getItem(key);
  const offer = document.getElementById("unsaved");
  function keep() {
    try { sessionStorage.setItem(key, body.value); } catch { /* no room: the text is on its way all the same */ }
  }
  if (sent !== null && sent.trim() !== body.value.trim() && offer) {
    offer.hidden = false;
    offer.querySelector("q").textContent = sent.trim().slice(0, 80);
    offer.addEventListener("click", (event) => {
      if (!event.target.matches("button")) return;
      if (event.target.dataset.take !== undefined) {
        body.value = sent;
        body.dispatchEvent(new Event("input", { bubbles: true }));
      }
      sessionStorage.removeItem(key);
      offer.hidden = true;
    });
  } else {
    sessionStorage.removeItem(key);
  }
})();

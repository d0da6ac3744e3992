// Quick hours: one tap copies Monday, closes a day or puts a break in. What it writes could have been typed, and the server reads it.
const BREAK = ", pause 12-13";

function set(input, text) {
  input.value = text;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-week]");
  if (!button) return;
  const days = [...button.closest(".week").querySelectorAll("input[type=text]")];
  const own = button.closest(".week__day")?.querySelector("input[type=text]");
  if (button.dataset.week === "copy") days.slice(1, 5).forEach((day) => set(day, days[0].value));
  if (button.dataset.week === "closed") set(own, "lukket");
  if (button.dataset.week === "break") {
    const open = own.value.replace(/[,;(]?\s*(?:med\s+)?\w*pause.*$/i, "").trim();
    if (open !== own.value.trim()) set(own, open);
    else if (/\d/.test(open)) set(own, open + BREAK);
    else own.focus();
  }
});

function ready() {
  for (const tools of document.querySelectorAll(".week [data-week]")) tools.hidden = false;
  // The tick counts when the form is sent; the button shows at once what is copied.
  for (const copy of document.querySelectorAll(".week__copy")) copy.hidden = true;
}

if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", ready);
else ready();

// A text field with suggestions below it, after the pattern "editable combobox with list autocomplete" of ARIA 1.2.
// What is typed stays what is searched for until somebody chooses a row; without this file it is a plain text field.
"use strict";

let comboboxes = 0;

class Combobox {
  // `source(text)` gives what stands below the field: an element with role=option in it, or null; it may be a promise.
  // `pause` in milliseconds before it is asked; `name` is what a screen reader calls the list.
  constructor(input, { source, name, pause = 0 }) {
    this.input = input;
    this.source = source;
    this.pause = pause;
    this.id = `forslag-${(comboboxes += 1)}`;
    this.active = -1;
    this.asked = 0;
    this.popup = document.createElement("div");
    this.popup.className = "combobox__popup";
    this.popup.id = this.id;
    this.popup.hidden = true;
    this.status = document.createElement("div");
    this.status.className = "visually-hidden";
    this.status.setAttribute("role", "status");
    this.name = name;
    this.field = input.closest(".field");
    this.field.classList.add("combobox");
    this.field.append(this.popup, this.status);
    // The browser's own list of what was typed here before would lie on top of ours.
    input.removeAttribute("list");
    for (const [attribute, value] of Object.entries({
      autocomplete: "off",
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-expanded": "false",
    })) input.setAttribute(attribute, value);
    input.addEventListener("input", () => this.ask());
    input.addEventListener("keydown", (event) => this.press(event));
    this.popup.addEventListener("pointerdown", (event) => {
      if (event.target.closest("[role=option]")) event.preventDefault(); // the field keeps the focus, and a phone its keyboard
    });
    this.popup.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.choose(option);
    });
    this.field.addEventListener("focusout", (event) => {
      if (!this.field.contains(event.relatedTarget)) this.close();
    });
    this.popup.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      this.input.focus();
      this.close();
    });
    // On a slow line somebody types before this file is here.
    if (document.activeElement === input && input.value !== input.defaultValue) this.ask();
  }

  get options() {
    return [...this.popup.querySelectorAll("[role=option]")];
  }

  ask() {
    clearTimeout(this.timer);
    const number = (this.asked += 1);
    this.timer = setTimeout(async () => {
      let found = null;
      try {
        found = await this.source(this.input.value.trim());
      } catch {
        // Nobody answered: it is a plain text field for the moment.
      }
      if (number === this.asked && document.activeElement === this.input) this.show(found);
    }, this.pause);
  }

  show(found) {
    const list = found && (found.matches("[role=listbox]") ? found : found.querySelector("[role=listbox]"));
    if (!found || !found.childElementCount) return this.close(this.input.value.trim() ? "Ingen forslag." : "");
    const opens = this.popup.hidden;
    this.popup.replaceChildren(found);
    this.popup.hidden = false;
    if (opens) this.bringIntoView();
    this.popup.scrollTop = 0;
    this.active = -1;
    this.input.removeAttribute("aria-activedescendant");
    if (list) {
      list.id = `${this.id}-liste`;
      list.setAttribute("aria-label", this.name);
      this.input.setAttribute("aria-controls", list.id);
    }
    this.input.setAttribute("aria-expanded", String(Boolean(list)));
    this.options.forEach((option, number) => { option.id = `${this.id}-${number}`; });
    const warning = found.querySelector("[data-say]");
    const count = this.options.length;
    this.say([
      warning ? warning.dataset.say : "",
      count ? `${count} forslag. Brug pil ned for at vælge.` : "",
    ].filter(Boolean).join(" "));
  }

  // A phone's keyboard takes half of the screen: what is suggested has to stand above it.
  bringIntoView() {
    const end = window.visualViewport ? visualViewport.height : innerHeight;
    if (this.popup.getBoundingClientRect().bottom <= end) return;
    if (matchMedia("(pointer: coarse), (max-width: 30rem)").matches) this.input.scrollIntoView({ block: "start" });
    else this.popup.scrollIntoView({ block: "nearest" });
  }

  close(text = "") {
    clearTimeout(this.timer);
    this.asked += 1;
    this.popup.hidden = true;
    this.popup.replaceChildren();
    this.active = -1;
    this.input.setAttribute("aria-expanded", "false");
    this.input.removeAttribute("aria-activedescendant");
    this.input.removeAttribute("aria-controls");
    this.say(text);
  }

  // Said once the typing has come to a rest, so that nobody hears a number for every letter.
  say(text) {
    clearTimeout(this.saying);
    this.saying = setTimeout(() => { this.status.textContent = text; }, text ? 500 : 0);
  }

  press(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const open = !this.popup.hidden;
    switch (event.key) {
      case "ArrowDown":
      case "ArrowUp":
        event.preventDefault();
        if (open && this.options.length) this.move(event.key === "ArrowDown" ? 1 : -1);
        else if (event.key === "ArrowDown") this.ask();
        break;
      case "Enter":
        if (open && this.active >= 0) {
          event.preventDefault();
          this.choose(this.options[this.active]);
        } else {
          this.close(); // what was typed is what is searched for
        }
        break;
      case "Escape":
        if (open) {
          event.preventDefault();
          this.close();
        }
        break;
      case "Home":
      case "End":
      case "ArrowLeft":
      case "ArrowRight":
        this.mark(-1); // back in the text, where these keys move the caret
        break;
    }
  }

  // From the field to the first row, from the last one back to the field.
  move(step) {
    const count = this.options.length + 1;
    this.mark(((this.active + 1 + step + count) % count) - 1);
  }

  mark(number) {
    const options = this.options;
    options.forEach((option, index) => option.setAttribute("aria-selected", String(index === number)));
    this.active = number;
    if (number < 0) return this.input.removeAttribute("aria-activedescendant");
    this.input.setAttribute("aria-activedescendant", options[number].id);
    options[number].scrollIntoView({ block: "nearest" });
  }

  choose(option) {
    if (option.dataset.href) {
      location.assign(option.dataset.href);
      return;
    }
    this.input.value = option.dataset.value;
    this.close();
    this.say(`${option.dataset.value} er valgt.`);
    this.input.dispatchEvent(new Event("change", { bubbles: true }));
  }
}

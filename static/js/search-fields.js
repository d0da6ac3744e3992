// The fields of a search: suggestions for places and for words, "Brug min placering" and "Husk på denne enhed".
"use strict";

(() => {
  const REMEMBERED = "sted";
  const SECONDS = 10; // that the device may take to find out where it is

  for (const input of document.querySelectorAll("input[data-places]")) placeField(input);
  for (const input of document.querySelectorAll("input[data-suggest]")) wordField(input);

  function placeField(input) {
    const list = () => Places.load(input.dataset.places);
    // On first focus and not before: most visitors read and never come here.
    input.addEventListener("focus", () => list().catch(() => {}), { once: true });
    new Combobox(input, {
      name: "Forslag til steder",
      source: async (text) => (text ? listOf(Places.suggest(await list(), text)) : null),
    });
    const field = input.closest(".field");
    const tools = field.querySelector("[data-place-tools]");
    if (!tools) return;
    field.after(tools); // out of the field, or fields and button of a wide form would not stand on one line
    tools.hidden = false;
    const say = (text) => { tools.querySelector("[data-place-said]").textContent = text; };
    position(input, tools.querySelector("[data-place-here]"), list, say);
    memory(input, tools, say);
  }

  function listOf(suggestions) {
    const list = document.createElement("div");
    list.setAttribute("role", "listbox");
    for (const { value, about } of suggestions) {
      const option = document.createElement("div");
      option.className = "combobox__option";
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dataset.value = value;
      const name = document.createElement("span");
      name.textContent = value;
      option.append(name);
      if (about) {
        const more = document.createElement("span");
        more.className = "combobox__about";
        more.textContent = about;
        option.append(" ", more);
      }
      list.append(option);
    }
    return list;
  }

  // Only when asked to, and only a postcode leaves the device.
  function position(input, button, list, say) {
    if (!button || !navigator.geolocation || !isSecureContext) return;
    button.hidden = false;
    button.addEventListener("click", () => {
      const done = (text) => {
        button.removeAttribute("aria-disabled");
        say(text);
        input.focus();
      };
      if (button.getAttribute("aria-disabled")) return;
      button.setAttribute("aria-disabled", "true");
      say("Finder det nærmeste postnummer …");
      navigator.geolocation.getCurrentPosition(
        async ({ coords }) => {
          try {
            const place = Places.nearest(await list(), coords.latitude, coords.longitude);
            if (!place) return done("Vi kender intet dansk postnummer i nærheden. Skriv postnummer eller by.");
            input.value = place;
            input.dispatchEvent(new Event("change", { bubbles: true }));
            done(`${place} er sat ind. Kun postnummeret bliver sendt, når du søger.`);
          } catch {
            done("Det lykkedes ikke. Skriv postnummer eller by.");
          }
        },
        ({ code }) => done(code === 1
          ? "Helt i orden – skriv postnummer eller by."
          : "Din enhed kunne ikke finde ud af, hvor den er. Skriv postnummer eller by."),
        { enableHighAccuracy: false, maximumAge: 600_000, timeout: SECONDS * 1000 },
      );
    });
  }

  // Nothing is kept unless the box is ticked, and then the text of this field alone.
  function memory(input, tools, say) {
    const box = tools.querySelector("[data-place-remember]");
    const kept = tools.querySelector("[data-place-kept]");
    let store;
    try {
      store = localStorage;
      store.getItem(REMEMBERED);
    } catch {
      tools.querySelector("[data-place-memory]").hidden = true; // the browser keeps nothing for anybody
      return;
    }
    const remembered = () => store.getItem(REMEMBERED) || "";
    const show = () => {
      const value = remembered();
      box.checked = Boolean(value) && value === input.value.trim();
      kept.hidden = !value;
      kept.querySelector("[data-place-kept-value]").textContent = box.checked ? "" : `Husket: ${value}`;
    };
    const keep = () => {
      const value = input.value.trim();
      if (box.checked && value) {
        try {
          store.setItem(REMEMBERED, value);
        } catch {
          box.checked = false;
        }
      }
      show();
    };
    box.addEventListener("change", () => {
      if (box.checked && !input.value.trim()) {
        box.checked = false;
        say("Skriv først postnummer eller by.");
        input.focus();
        return;
      }
      if (!box.checked) store.removeItem(REMEMBERED);
      keep();
      say(box.checked ? "Stedet bliver husket på denne enhed." : "Stedet er glemt.");
    });
    tools.querySelector("[data-place-forget]").addEventListener("click", () => {
      if (input.value.trim() === remembered()) input.value = "";
      store.removeItem(REMEMBERED);
      show();
      say("Stedet er glemt.");
      input.focus();
    });
    // A ticked place that is changed is remembered as it is now.
    input.addEventListener("change", keep);
    input.form?.addEventListener("submit", keep);
    addEventListener("pageshow", show);
    if (!input.value && !input.hasAttribute("aria-invalid")) input.value = remembered();
    show();
  }

  function wordField(input) {
    let request;
    new Combobox(input, {
      name: "Forslag",
      pause: 250,
      source: async (text) => {
        request?.abort();
        if (text.length < 2) return null;
        request = new AbortController();
        const answer = await fetch(`${input.dataset.suggest}?${new URLSearchParams({ q: text })}`, {
          signal: request.signal,
          credentials: "omit",
        });
        if (!answer.ok) return null;
        return new DOMParser().parseFromString(await answer.text(), "text/html").body.firstElementChild;
      },
    });
  }
})();

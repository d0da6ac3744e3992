// Passkeys: shows their buttons where the browser can use them, and says in Danish when it did not work.
(function () {
  "use strict";
  const able = Boolean(window.PublicKeyCredential);

  function say(wrong) {
    document.querySelectorAll("[data-passkey-fault] p").forEach((one) => { one.hidden = !wrong; });
  }

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault(); // the console tells a reader nothing
    say(true);
  });
  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-passkey]").forEach((one) => {
      one.hidden = !able;
      one.addEventListener("click", () => say(false), true);
    });
    document.querySelectorAll("[data-no-passkey]").forEach((one) => { one.hidden = able; });
  });
}());

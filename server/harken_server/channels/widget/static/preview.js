// Tells the playground around this page what the widget does, and lets it press the buttons.
"use strict";

(() => {
  const NAMES = ["ready", "shown", "answered", "submitted", "dismissed", "suppressed", "error"];
  const CALLS = ["show", "close", "reset", "track"];
  const wanted = document.documentElement.dataset.show;

  const tell = (what, detail) => {
    if (parent !== window) parent.postMessage({ what, detail }, location.origin);
  };
  const explain = () => {
    const { harken } = window;
    if (harken && typeof harken.explain === "function") tell("reasons", harken.explain());
  };

  for (const name of NAMES) {
    document.addEventListener(`harken:${name}`, ({ detail }) => {
      tell(name, detail);
      if (name === "ready" && wanted) window.harken.show(wanted);
      setTimeout(explain, 50);
    });
  }
  document.addEventListener("securitypolicyviolation", (event) => {
    tell("violation", { message: `${event.violatedDirective}: ${event.blockedURI}` });
  });
  const failed = ({ target }) => {
    if (target instanceof HTMLScriptElement) tell("error", { message: `${target.src} does not load` });
  };
  addEventListener("error", failed, true);
  addEventListener("message", ({ data, origin, source }) => {
    if (source !== parent || origin !== location.origin || !CALLS.includes(data.call)) return;
    window.harken[data.call](...data.given);
    setTimeout(explain, 50);
  });
  addEventListener("load", () => setTimeout(explain, 1500));
})();

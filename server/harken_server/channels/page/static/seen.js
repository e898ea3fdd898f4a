(() => {
  let seconds = 0;
  let timer = 0;
  const tell = (event) => {
    if (!timer || (event && (!event.isTrusted || event.target.closest?.("button")))) return;
    clearInterval(timer);
    timer = 0;
    fetch(`${location.pathname}/seen${location.search}`, { method: "POST", keepalive: true, credentials: "omit" }).catch(() => {});
  };
  timer = setInterval(() => {
    if (document.visibilityState === "visible" && (seconds += 1) >= 5) tell();
  }, 1000);
  addEventListener("pointerdown", tell);
  addEventListener("keydown", tell);
})();

(() => {
  const form = document.forms[0];
  const id = form.elements.r;
  const query = location.search;
  let isSent = false;
  if (id && !/[?&]r=/.test(query))
    history.replaceState(null, "", `${location.pathname}${query || "?"}${query && "&"}r=${id.value}`);
  form.addEventListener("submit", (event) => {
    if (isSent) event.preventDefault();
    isSent = true;
    setTimeout(() => (isSent = false), 8000);
  });
  addEventListener("pageshow", () => (isSent = false));
  for (const area of form.querySelectorAll("[data-max]")) {
    const note = document.querySelector(`[data-for=${area.name}]`);
    const count = () => {
      const left = area.dataset.max - [...area.value].length;
      note.textContent = (left < 0 ? area.dataset.over : area.dataset.left).replace(
        "{count}", Math.abs(left),
      );
    };
    area.addEventListener("input", count);
    if (area.value) count();
  }
  document.getElementById("errors")?.focus();
})();

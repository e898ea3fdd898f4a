(() => {
  const form = document.forms[0];
  const fields = form.elements;
  const radios = [...form.querySelectorAll("[type=radio]")];
  const owns = [...form.querySelectorAll(".own input")];
  const place = `harken ${location.pathname}`;
  const page = `p ${fields.after.value}`;
  const clears = [...form.querySelectorAll(".clear")].map((it) => [it, it.parentNode]);
  const tickOf = (own) => own.parentNode.previousElementSibling.querySelector("input");
  let kept = {};
  let isOver = false;
  let isSent = false;
  // What is not sent yet is in this tab alone: it comes back after Back, reload and another language.
  try {
    const isBack = /^[rb]/.test(performance.getEntriesByType("navigation")[0].type);
    kept = JSON.parse(sessionStorage[place] || "{}");
    isOver = isBack && !kept;
    if (isBack && kept.r && !fields.after.value) fields.r.value = kept.r;
  } catch {}
  if (kept.r !== fields.r.value) kept = { r: fields.r.value };
  if (kept[page])
    for (const field of fields) {
      if (!field.name.startsWith("a_")) continue;
      const given = kept[page].filter(([name]) => name === field.name).map(([, value]) => value);
      if (/radio|checkbox/.test(field.type)) field.checked = given.includes(field.value);
      else field.value = given[0] ?? "";
    }
  const note = () => {
    for (const radio of radios) radio.was = radio.checked;
    for (const own of owns) {
      const isTicked = tickOf(own).checked;
      if (isTicked) own.value ||= own.typed || "";
      else if (own.value) [own.typed, own.value] = [own.value, ""];
    }
    for (const [button, question] of clears)
      if (!question.querySelector(":checked")) button.remove();
      else if (!button.isConnected) question.append(button);
    kept[page] = [...new FormData(form)].filter(([name]) => name.startsWith("a_"));
    try {
      if (!isOver) sessionStorage[place] = JSON.stringify(kept);
    } catch {}
  };
  const takeBack = (event) => {
    const radio = event.target;
    if (radio.type !== "radio" || !radio.was || radio.required) return;
    if (event.detail > 1 && event.pointerType !== "touch") return; // a double click chooses
    if (event.type === "keyup") event.preventDefault();
    radio.checked = false;
    note();
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest(".clear");
    if (!button) return takeBack(event), note();
    event.preventDefault();
    const inputs = button.closest("fieldset").querySelectorAll("input");
    for (const input of inputs)
      if (input.type === "radio") input.checked = false;
      else input.value = input.typed = "";
    inputs[0].focus();
    note();
  });
  form.addEventListener("keyup", (event) => event.key === " " && takeBack(event));
  form.addEventListener("input", ({ target }) => {
    if (owns.includes(target)) {
      target.typed = target.value;
      if (target.value.trim()) tickOf(target).checked = true;
    }
    note();
  });
  note();
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

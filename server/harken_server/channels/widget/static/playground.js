// Makes the playground answer at once: no reload, and a log of what the widget does.
"use strict";

const form = document.querySelector("form");
const MAX_LINES = 50;

/** The page for the form's present state, of which only what depends on it is taken over. */
async function update() {
  const query = new URLSearchParams(new FormData(form));
  for (const [name, value] of [...query]) if (!value) query.delete(name);
  const address = `playground?${query}`;
  const reply = await fetch(address);
  if (!reply.ok) return;
  const fresh = new DOMParser().parseFromString(await reply.text(), "text/html");
  const open = [...document.querySelectorAll("#snippets details")].map((part) => part.open);
  for (const id of ["stage", "snippets"]) {
    document.getElementById(id).replaceWith(document.adoptNode(fresh.getElementById(id)));
  }
  document.querySelectorAll("#snippets details").forEach((part, at) => {
    part.open = open[at];
  });
  history.replaceState(null, "", address);
  prepare();
}

function prepare() {
  const bar = document.getElementById("bar");
  document.dispatchEvent(new Event("harken:part"));
  document.getElementById("log").replaceChildren();
  document.getElementById("reasons").replaceChildren();
  if (!bar) return;
  bar.hidden = false;
  document.getElementById("told").hidden = false;
  for (const button of bar.querySelectorAll("[data-call]")) {
    button.addEventListener("click", () => press(button.dataset.call));
  }
  fit();
}

function press(call) {
  const survey = form.elements.survey;
  const first = survey.value || survey.options[1]?.value;
  const given = { show: [first], track: [document.getElementById("event").value] }[call] || [];
  preview().contentWindow.postMessage({ call, given }, location.origin);
}

/** A desktop is wider than most panels: show it smaller, as a whole. */
function fit() {
  const frame = preview();
  const desk = document.getElementById("desk");
  if (!frame) return;
  const scale = Math.min(1, (desk.clientWidth - 2) / frame.width);
  frame.style.transform = `scale(${scale})`;
  desk.style.height = `${Math.ceil(frame.height * scale) + 2}px`;
}

function preview() {
  return document.getElementById("preview");
}

function addLine(what, detail) {
  const log = document.getElementById("log");
  const line = document.createElement("li");
  const name = document.createElement("b");
  name.textContent = what;
  const told = Object.entries(detail || {}).filter(([, value]) => value !== undefined);
  line.append(name, ` ${told.map(describe).join(", ")}`);
  if (what === "violation" || what === "error") line.className = "bad";
  log.prepend(line);
  while (log.childElementCount > MAX_LINES) log.lastChild.remove();
}

function describe([name, value]) {
  return `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`;
}

function showReasons(explained) {
  const rows = explained.flatMap(({ survey, reason, detail }) => {
    const term = document.createElement("dt");
    const text = document.createElement("dd");
    const code = document.createElement("code");
    term.textContent = survey || "the widget";
    code.textContent = reason;
    text.append(code, ` ${detail}`);
    return [term, text];
  });
  document.getElementById("reasons").replaceChildren(...rows);
}

addEventListener("message", ({ data, origin, source }) => {
  if (origin !== location.origin || source !== preview()?.contentWindow) return;
  if (data.what === "reasons") showReasons(data.detail);
  else addLine(data.what, data.detail);
});
addEventListener("resize", fit);
form.addEventListener("change", ({ target }) => {
  if (target.name === "survey") form.elements.other.value = "";
  if (["key", "other"].includes(target.name)) form.requestSubmit();
  else update().catch(() => form.requestSubmit());
});
form.querySelector("button").hidden = Boolean(preview());
prepare();
const { server } = document.getElementById("playground").dataset;
if (location.origin !== server) {
  addLine("note", { message: `this page was opened at ${location.origin}, but the tag loads from ${server} (HARKEN_PUBLIC_URL)` });
}

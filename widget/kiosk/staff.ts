/** The hidden way out: a long press in a corner, the PIN, and what the staff may see and do. */

import { make } from "../src/face/make";
import type { Keeper } from "./keeper";
import { opens, type SealedPin } from "./pin";
import { keypad } from "./screens";
import type { Sender } from "./sender";

const LONG_MS = 2_000;
const TRIES = 5;
const LOCKED_MS = 60_000;

export interface Staff {
  readonly isOpen: boolean;
}

export interface Doings {
  keeper: Keeper;
  sender: Sender;
  pin(): SealedPin | null;
  /** Stop asking until somebody touches the screen again. */
  leave(): void;
  /** Forget the registration. */
  unregister(): Promise<void>;
}

/** Listens for the long press in the corner where a line begins, and for Ctrl+Shift+K. */
export function watchStaff(corner: HTMLElement, doings: Doings): Staff {
  const dialog = make("dialog", { className: "staff", ariaLabel: "Staff" });
  document.body.append(dialog);
  let timer = 0;
  let tries = 0;
  let lockedUntil = 0;
  const open = () => {
    if (dialog.open) return;
    const sealed = doings.pin();
    dialog.replaceChildren(sealed ? pinForm(sealed) : make("p", {}));
    if (!sealed) void panel();
    dialog.showModal();
  };
  const panel = async () => dialog.replaceChildren(await drawPanel(dialog, doings));
  const pinForm = (sealed: SealedPin) => {
    const told = make("p", { role: "alert", className: "told" });
    const field = make("input", { type: "password", inputMode: "numeric", autocomplete: "off", className: "code", ariaLabel: "PIN", maxLength: 8, dir: "ltr" });
    const onsubmit = (event: Event) => {
      event.preventDefault();
      if (Date.now() < lockedUntil) told.textContent = "Too many tries. Wait a minute.";
      else if (opens(sealed, field.value)) {
        tries = 0;
        void panel();
      } else {
        if (++tries >= TRIES) [tries, lockedUntil] = [0, Date.now() + LOCKED_MS];
        told.textContent = "That is not the PIN.";
      }
      field.value = "";
    };
    return make("form", { onsubmit }, make("h2", {}, "Staff"), field, told, keypad(field, 8, () => (told.textContent = "")), close(dialog));
  };
  corner.onpointerdown = () => (timer = window.setTimeout(open, LONG_MS));
  for (const event of ["pointerup", "pointercancel", "pointerleave"]) corner.addEventListener(event, () => clearTimeout(timer));
  corner.oncontextmenu = (event) => event.preventDefault();
  addEventListener("keydown", ({ key, ctrlKey, shiftKey }) => {
    if (ctrlKey && shiftKey && key.toLowerCase() == "k") open();
  });
  return {
    get isOpen() {
      return dialog.open;
    },
  };
}

function close(dialog: HTMLDialogElement): HTMLElement {
  return make("button", { type: "button", className: "plain", onclick: () => dialog.close() }, "Back to the kiosk");
}

async function drawPanel(dialog: HTMLDialogElement, doings: Doings): Promise<HTMLElement> {
  const { keeper, sender } = doings;
  const { waiting, dead, discarded } = await keeper.counts();
  const config = (await keeper.get("config"))?.body;
  const [registration, counters] = [await keeper.get("registration"), await keeper.get("counters")];
  const survey = config?.surveys[0];
  const lines: [string, string][] = [
    ["Device", registration?.name || "not registered"],
    ["Survey", survey ? `${survey.key}, version ${survey.version}` : "none"],
    ["Waiting to be sent", `${waiting}`],
    ["Refused by the server", `${dead}`],
    ["Presses discarded", `${discarded}`],
    ["Server", sender.isReachable ? "in reach" : "not in reach"],
    ["Last contact", sender.lastSent ? new Date(sender.lastSent).toLocaleTimeString("en-GB") : "none since it was opened"],
    ["Clock", counters?.offset_s == null ? "not compared yet" : `${counters.offset_s} s from the server's`],
    ["Starts without a network", navigator.serviceWorker?.controller ? "yes" : "no: needs https"],
  ];
  const again = async () => dialog.replaceChildren(await drawPanel(dialog, doings));
  const sendNow = async () => {
    await sender.send();
    await sender.refresh();
    await again();
  };
  const leave = async () => {
    await document.exitFullscreen?.().catch(() => {});
    doings.leave();
    dialog.close();
  };
  let isSure = false;
  const forget = async ({ target }: Event) => {
    const kept = waiting ? `${waiting} answers are not sent yet. ` : "";
    if (!isSure) (target as HTMLElement).textContent = `${kept}Really unregister?`;
    else {
      await doings.unregister();
      dialog.close();
    }
    isSure = true;
  };
  const button = (text: string, onclick: (event: Event) => unknown, className = "plain") =>
    make("button", { type: "button", className, onclick }, text);
  const refused = (await keeper.dead()).slice(-20).reverse();
  return make(
    "div",
    {},
    make("h2", { tabIndex: -1 }, "Staff"),
    make("dl", {}, ...lines.flatMap(([name, value]) => [make("dt", {}, name), make("dd", {}, value)])),
    refused[0] &&
      make("details", {},
        make("summary", {}, "Refused answers"),
        make("ul", {}, ...refused.map(({ item, code, message }) =>
          make("li", {}, make("b", {}, `No. ${item.sequence}: ${code}`), ` ${message} `, make("code", {}, JSON.stringify(item.answers))),
        )),
      ),
    button("Send now", sendNow, "plain go"),
    button("Leave full screen", leave),
    button("Unregister this device", forget),
    close(dialog),
  );
}

/** Long enough that nobody who types on waits for it, short enough that it comes with the next look. */
const PAUSE_MS = 500;

/**
 * `data-checked="#id"` on a text area: while its form is typed into, what the form says to `do=check` is fetched, and
 * the element of that id takes the place of ours. The focus stays; without an answer nothing changes, and the form's
 * own button checks.
 */
export function checks(): void {
  let timer = 0;
  document.addEventListener("input", ({ target }) => {
    const form = (target as HTMLInputElement).form;
    const part = form?.querySelector<HTMLElement>("[data-checked]")?.dataset["checked"];
    if (!form || !part) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => void check(form, part), PAUSE_MS);
  });
}

let latest = 0;

async function check(form: HTMLFormElement, part: string): Promise<void> {
  const turn = ++latest;
  const body = new URLSearchParams(new FormData(form) as unknown as Record<string, string>);
  body.set("do", "check");
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(part);
    if (turn === latest && fresh) document.querySelector(part)?.replaceWith(document.adoptNode(fresh));
  } catch {
    // Nobody is told: the button is there, and saving checks again.
  }
}

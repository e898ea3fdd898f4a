import { say } from "./said";

/**
 * `data-part="#id"` on a form or link: what it leads to is fetched, and the element of that id in the page that comes
 * back takes the place of ours. Whatever goes wrong, the browser does what it would have done without us.
 */
export function parts(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target as HTMLFormElement;
    const part = form.dataset["part"];
    if (!part || event.defaultPrevented) return;
    const { submitter } = event;
    const data = new FormData(form, submitter);
    event.preventDefault();
    if (form.method === "post") {
      void swap(part, form.action, { method: "POST", body: bodyOf(form, data) }, () => sendPlainly(form, submitter));
    } else {
      const url = new URL(form.action);
      url.search = String(new URLSearchParams(data as unknown as Record<string, string>));
      visit(part, url.href);
    }
  });
  document.addEventListener("change", ({ target }) => {
    const form = (target as HTMLInputElement).form;
    if (form?.dataset["part"] && form.method === "get") form.requestSubmit();
  });
  document.addEventListener("click", (event) => {
    const link = (event.target as Element).closest<HTMLAnchorElement>("a[data-part]");
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    visit(link.dataset["part"]!, link.href);
  });
  addEventListener("popstate", () => location.reload());
}

function visit(part: string, url: string): void {
  void swap(part, url, {}, () => location.assign(url), true);
}

function bodyOf(form: HTMLFormElement, data: FormData): BodyInit {
  return form.enctype === "multipart/form-data" ? data : new URLSearchParams(data as unknown as Record<string, string>);
}

/** As the browser would have: the event that we took is not sent again. */
function sendPlainly(form: HTMLFormElement, submitter: HTMLElement | null): void {
  delete form.dataset["part"];
  form.requestSubmit(submitter);
}

let latest = 0;

async function swap(part: string, url: string, how: RequestInit, plainly: () => void, isVisit = false): Promise<void> {
  const turn = ++latest;
  const old = document.querySelector(part);
  old?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { ...how, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector(part);
    if (turn !== latest) return;
    if (!old || !fresh || answer.status >= 500) throw new Error(part);
    const focused = document.activeElement;
    const path = focused && old.contains(focused) ? markOf(focused) : "";
    old.replaceWith(document.adoptNode(fresh));
    if (isVisit || answer.redirected) history.pushState(null, "", answer.url);
    document.title = page.title;
    document.dispatchEvent(new Event("harken:part"));
    const invalid = fresh.querySelector<HTMLElement>("[aria-invalid=true]");
    (invalid ?? (path ? fresh.querySelector<HTMLElement>(path) : null))?.focus();
    say(page.getElementById("said")?.textContent?.trim() || (invalid ? "Something needs another look." : "Updated."));
  } catch {
    plainly();
  }
}

/** How to find the same element in the new part: by its id, or by what it sends or leads to. */
function markOf(element: Element): string {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const told = ["name", "href", ...(/radio|checkbox|submit/.test((element as HTMLInputElement).type) ? ["value"] : [])];
  const marks = told.map((name) => [name, element.getAttribute(name)] as const).filter(([, value]) => value !== null);
  return marks.length ? element.localName + marks.map(([name, value]) => `[${name}="${CSS.escape(value!)}"]`).join("") : "";
}

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
  addEventListener("popstate", ({ state }) => state === OURS && location.reload());
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

/** In the history of pages: this address came with a part. Places within a page have none, and are not loaded again. */
const OURS = "part";
let latest = 0;

async function swap(part: string, url: string, how: RequestInit, plainly: () => void, isVisit = false): Promise<void> {
  const turn = ++latest;
  const old = document.querySelector(part);
  old?.setAttribute("aria-busy", "true");
  try {
    const answer = await fetch(url, { ...how, headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (turn !== latest) return;
    const fresh = page.querySelector(part);
    if (old && fresh && answer.status < 500) change(old, fresh, page);
    else if (isVisit) return plainly();
    else showWhole(page);
    if (isVisit || answer.redirected) remember(answer.url);
  } catch {
    if (turn === latest) plainly();
  }
}

function change(old: Element, fresh: Element, page: Document): void {
  const focused = document.activeElement;
  const mark = focused && old.contains(focused) ? markOf(focused) : "";
  old.replaceWith(document.adoptNode(fresh));
  document.title = page.title;
  document.dispatchEvent(new Event("harken:part"));
  const invalid = fresh.querySelector<HTMLElement>("[aria-invalid=true]");
  (invalid ?? (mark ? fresh.querySelector<HTMLElement>(mark) : null))?.focus();
  say(page.getElementById("said")?.textContent?.trim() || (invalid ? "Something needs another look." : "Updated."));
}

/** What was sent has been answered: it is never sent again, so the answer is shown as it is. */
function showWhole(page: Document): void {
  document.documentElement.replaceWith(document.adoptNode(page.documentElement));
  scrollTo(0, 0);
}

function remember(url: string): void {
  history.replaceState(OURS, "");
  history.pushState(OURS, "", url);
}

/** How to find the same element in the new part: by its id, or by what it sends or leads to. */
function markOf(element: Element): string {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const told = ["name", "href", ...(/radio|checkbox|submit/.test((element as HTMLInputElement).type) ? ["value"] : [])];
  const marks = told.map((name) => [name, element.getAttribute(name)] as const).filter(([, value]) => value !== null);
  return marks.length ? element.localName + marks.map(([name, value]) => `[${name}="${CSS.escape(value!)}"]`).join("") : "";
}

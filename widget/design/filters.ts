/**
 * `data-filter="#list"`: rows of that list or table that lack the text are hidden as it is typed. Words may stand
 * in any order; an element with `data-filter-none` inside the list's parent is shown when nothing is left.
 */
export function filters(): void {
  document.addEventListener("input", ({ target }) => {
    const input = target as HTMLInputElement;
    const list = input.dataset["filter"] && document.querySelector(input.dataset["filter"]);
    if (list) filter(list, plain(input.value).split(/\s+/));
  });
  for (const input of document.querySelectorAll<HTMLInputElement>("[data-filter]")) {
    if (input.value) input.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

function filter(list: Element, words: string[]): void {
  const rows = list instanceof HTMLTableElement ? list.tBodies[0]!.rows : list.children;
  let shown = 0;
  for (const row of rows as HTMLCollectionOf<HTMLElement>) {
    const text = plain(row.textContent ?? "");
    row.hidden = !words.every((word) => text.includes(word));
    if (!row.hidden) shown += 1;
  }
  const none = document.querySelector<HTMLElement>(`[data-filter-none="#${list.id}"]`);
  if (none) none.hidden = shown > 0;
}

/** Without case and accents. */
function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

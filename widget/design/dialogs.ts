/**
 * `data-opens="id"` opens that dialog instead of following the link, and `data-confirm="question"` asks before
 * a form is sent. A press on the ground behind a dialog closes it.
 */
export function dialogs(): void {
  document.addEventListener("click", (event) => {
    const target = event.target as Element;
    if (target instanceof HTMLDialogElement && target.open && isOutside(target, event)) return target.close();
    const opener = target.closest<HTMLElement>("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset["opens"]!);
    if (!(dialog instanceof HTMLDialogElement) || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    dialog.showModal();
  });
  document.addEventListener("submit", (event) => {
    const asked = (event.submitter?.dataset ?? {})["confirm"] ?? (event.target as HTMLElement).dataset["confirm"];
    if (asked && !confirm(asked)) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  });
}

function isOutside(dialog: Element, { clientX: x, clientY: y }: MouseEvent): boolean {
  const { left, right, top, bottom } = dialog.getBoundingClientRect();
  return x < left || x > right || y < top || y > bottom;
}

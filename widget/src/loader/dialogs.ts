/** Notices dialogs of the page, before which nothing may be put; part of the survey code. */

/** How dialogs are told, by those that tell. A browser that knows no popovers passes over them. */
const DIALOG = "dialog[open],[role=dialog],[role=alertdialog],[aria-modal=true],:is(:popover-open:not([popover=hint]))";

export function hasDialog(): boolean {
  return [...document.querySelectorAll(DIALOG)].some((dialog) => [dialog, ...dialog.children].some(isSeen)) || isCovered();
}

/** Whether any of it is on the screen: many dialogs are there all the time, out of sight. */
function isSeen(element: Element): boolean {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  return (
    right > Math.max(left, 0) && bottom > Math.max(top, 0) && left < innerWidth && top < innerHeight &&
    !element.closest("[aria-hidden=true],[inert]") &&
    element.checkVisibility?.({ opacityProperty: true, visibilityProperty: true }) !== false
  );
}

/** Whether something lies over the page, or a dialog of a component whose inside a page cannot ask for. */
function isCovered(): boolean {
  const middle = [innerWidth / 2, innerHeight / 2] as const;
  let at = document.elementFromPoint(...middle);
  for (let inner; at?.localName !== "harken-survey" && (inner = at?.shadowRoot?.elementFromPoint(...middle)) && inner !== at; ) at = inner;
  let isOver = false;
  for (; at; at = at.parentElement || (at.getRootNode() as ShadowRoot).host) {
    const { left, top, right, bottom } = at.getBoundingClientRect();
    isOver ||= left <= 0 && top <= 0 && right >= innerWidth && bottom >= innerHeight && getComputedStyle(at).position === "fixed";
    if (at.matches(DIALOG) || (isOver && hasBeside(at))) return true;
  }
  return false;
}

/** Whether there is something to read beside it: the frame of an application covers nothing. */
function hasBeside(at: Element): boolean {
  return [...(at.parentElement?.children || [])].some((other) => other !== at && other.textContent!.trim() && isSeen(other));
}

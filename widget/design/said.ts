/** Says in the page's polite live region what has just happened. */
export function say(text: string): void {
  const region = document.getElementById("said");
  if (!region) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  region.replaceChildren(toast);
}

/** What the page came with is said by no reader of screens, since nothing has changed: so it is said again. */
export function sayAgain(): void {
  const text = document.getElementById("said")?.textContent?.trim();
  if (text) say(text);
}

/** Says in the page's polite live region what has just happened. */
export function say(text: string): void {
  const region = document.getElementById("said");
  if (!region) return;
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.textContent = text;
  region.replaceChildren(toast);
}

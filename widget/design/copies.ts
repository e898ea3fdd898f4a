import { say } from "./said";

/** `data-copy="text"`: the button, hidden until here, copies it and says so. */
export function copies(): void {
  if (!navigator.clipboard) return;
  const show = () => {
    for (const button of document.querySelectorAll<HTMLElement>("[data-copy][hidden]")) button.hidden = false;
  };
  show();
  document.addEventListener("harken:part", show);
  document.addEventListener("click", async ({ target }) => {
    const button = (target as Element).closest<HTMLElement>("[data-copy]");
    if (!button) return;
    try {
      await navigator.clipboard.writeText(button.dataset["copy"]!);
      say("Copied.");
    } catch {
      say("The browser did not allow copying. Select the text and copy it yourself.");
    }
  });
}

let source: EventSource | undefined;

/**
 * `data-live` on an element: the address that tells of new answers. They are not put under the reader's eyes: the link
 * in the element says how many there are, and shows them when it is followed. A page that nobody looks at holds no
 * connection; browsers have few.
 */
export function live(): void {
  listen();
  document.addEventListener("harken:part", listen);
  document.addEventListener("visibilitychange", listen);
}

function listen(): void {
  source?.close();
  const place = document.querySelector<HTMLElement>("[data-live]");
  if (!place || document.hidden) return;
  const own = (source = new EventSource(place.dataset["live"]!));
  own.addEventListener("change", (event) => {
    const url = new URL(place.dataset["live"]!, location.href);
    url.searchParams.set("after", event.lastEventId);
    place.dataset["live"] = url.href;
    tell(place, Number(place.dataset["new"] ?? 0) + (JSON.parse(event.data) as { new: number }).new);
  });
  own.addEventListener("end", (event) => (JSON.parse(event.data) as { reason: string }).reason !== "stopping" && own.close());
}

function tell(place: HTMLElement, count: number): void {
  const link = place.querySelector("a")!;
  place.dataset["new"] = String(count);
  link.textContent = count ? `${count} new ${count > 1 ? "answers" : "answer"}: show` : "Numbers changed: show";
  link.hidden = false;
}

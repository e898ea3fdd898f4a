// Runs before anything else on the page, and notes when a person would see the question.
(() => {
  const seen = { controls: 0, cls: 0 };
  Object.defineProperty(window, "__seen", { value: seen });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.cls += entry.value;
  }).observe({ type: "layout-shift", buffered: true });

  const isVisible = (element) => {
    const box = element.getBoundingClientRect();
    return (
      element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) &&
      box.width > 0 && box.height > 0 && box.top < innerHeight && box.left < innerWidth &&
      box.bottom > 0 && box.right > 0
    );
  };
  const find = (root) => {
    for (const element of root.querySelectorAll(":not(script)")) {
      const inside = element.shadowRoot && find(element.shadowRoot);
      if (inside) return inside;
      for (const node of element.childNodes)
        if (node.nodeType === 3 && node.data.includes("@@QUESTION@@")) return element;
    }
  };
  // Found before a frame is painted, looked at after it: then the layout is clean and costs nothing.
  const { port1, port2 } = new MessageChannel();
  let found;
  const look = () => {
    found = find(document);
    if (found) port2.postMessage(0);
    else requestAnimationFrame(look);
  };
  port1.onmessage = () => {
    const shown = performance.now();
    if (!isVisible(found)) return requestAnimationFrame(look);
    seen.controls = found.getRootNode().querySelectorAll("input, button, [role=radio]").length;
    window.__told(String(shown));
  };
  requestAnimationFrame(look);
})();

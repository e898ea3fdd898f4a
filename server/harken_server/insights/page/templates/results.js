// A filter acts at once; without script the button does.
(() => {
  const form = document.querySelector("form.filter"), kept = "harken-results";
  form.querySelector("button").hidden = true;
  form.addEventListener("change", ({ target }) => {
    form.requestSubmit();
    sessionStorage.setItem(kept, JSON.stringify([target.name, scrollY]));
  });
  // Back shows an old page: its form is to say what that page is about.
  addEventListener("pageshow", ({ persisted }) => persisted && form.reset());
  const last = sessionStorage.getItem(kept);
  if (!last) return;
  sessionStorage.removeItem(kept);
  const [name, y] = JSON.parse(last);
  form.querySelector(`select[name="${name}"],[name="${name}"]:checked`)?.focus({ preventScroll: true });
  scrollTo(0, y);
})();

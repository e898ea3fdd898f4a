/**
 * Harken in Vue 3: `app.use(harken, "hk_…", { server: "https://feedback.example.com" })` once, and
 * `<HarkenSurvey survey="checkout" />` where a survey is to stand in the page.
 * Copy this file into your project; it is yours to change.
 */

import { destroy, init, show, type Options } from "@harken/widget";
import { defineComponent, h, onMounted, ref, type App } from "vue";

/** Starts the widget; surveys then open by their own targeting. */
export const harken = {
  install(app: App, publicKey: string, options: Options & { server: string }): void {
    init(publicKey, options);
    app.onUnmount(destroy);
  },
};

/** A survey that stands here, whatever its targeting says. */
export const HarkenSurvey = defineComponent({
  name: "HarkenSurvey",
  props: { survey: { type: String, required: true } },
  setup(props) {
    const place = ref<HTMLElement>();
    onMounted(() => {
      if (place.value) void show(props.survey, { mode: "inline", element: place.value });
    });
    return () => h("div", { ref: place });
  },
});

/**
 * Harken in React: `<Harken>` once near the root, `<Survey>` where a survey is to stand in the page.
 * Copy this file into your project; it is yours to change.
 */

import { destroy, identify, init, reset, show, type Options, type ShowOptions } from "@harken/widget";
import { useEffect, useRef } from "react";

interface HarkenProps extends Options {
  /** A key with the scope `public`. */
  publicKey: string;
  server: string;
}

/** Starts the widget, and says who is looking; surveys then open by their own targeting. */
export function Harken({ publicKey, respondent, signature, ...options }: HarkenProps) {
  const { server, locale } = options;
  useEffect(() => {
    init(publicKey, options);
    return destroy;
    // Other options are read once: they do not change while a page is open.
  }, [publicKey, server, locale]);
  useEffect(() => {
    if (!respondent) return;
    identify(respondent, signature);
    return reset;
  }, [publicKey, server, locale, respondent, signature]);
  return null;
}

/** A survey that stands here, whatever its targeting says. */
export function Survey({ survey, ...options }: { survey: string } & ShowOptions) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (place.current) void show(survey, { ...options, mode: "inline", element: place.current });
  }, [survey]);
  return <div ref={place} />;
}

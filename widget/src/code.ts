/** `/widget/survey-<hash>.js`: what the loader imports when a survey is to be shown. */

export { enter } from "./loader/enter";
export { askQueue } from "./loader/queue";
export { evaluate } from "./rules/evaluate";
export * from "./survey";

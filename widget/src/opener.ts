/** All that the loader calls, and the tests. */

export { enter } from "./loader/enter";
export { askQueue, judge } from "./loader/judge";
export * from "./survey";

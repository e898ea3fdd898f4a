/** A file of its own: what a survey with conditions or placeholders needs besides. */

export { evaluate } from "./evaluate";
export { fill } from "./fill";
export { walk } from "./walk";

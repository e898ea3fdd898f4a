/** A file of its own, fetched once a survey shows: sends answers, and keeps them while there is no network. */

export { outcome } from "./ending";
export { faultOf } from "./limits";
export { makeOutbox } from "./outbox";
export { sound } from "./sound";
export { resend } from "./waiting";

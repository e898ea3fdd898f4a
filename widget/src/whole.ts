/** The whole widget in one classic script, for pages that pin it by its digest. */

import { askQueue, enter, evaluate, resend } from "./code";
import { startFromScript } from "./loader/script";

startFromScript(async () => ({ askQueue, enter, evaluate, resend }), "");

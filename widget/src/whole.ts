/** The whole widget in one classic script, for pages that pin it by its digest. */

// This order is pressed best.
import { askQueue as ask } from "./late/queue";
import { askQueue, judge } from "./loader/judge";
import { makeOutbox, resend as sendAgain } from "./late/sending";
import { haveEverything } from "./everything";
import { resend } from "./survey";
import { startFromScript } from "./loader/script";
import { enter } from "./loader/enter";

haveEverything({ askQueue: ask, makeOutbox, resend: sendAgain });
startFromScript(async () => ({ askQueue, enter, judge, resend }), "");

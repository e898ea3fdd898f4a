/** The whole widget in one classic script, for pages that pin it by its digest. */

import { haveEverything } from "./everything";
import { askQueue as ask } from "./late/queue";
import { makeOutbox, resend as sendAgain } from "./late/sending";
import { enter } from "./loader/enter";
import { askQueue, judge } from "./loader/judge";
import { startFromScript } from "./loader/script";
import { resend } from "./survey";

haveEverything({ askQueue: ask, makeOutbox, resend: sendAgain });
startFromScript(async () => ({ askQueue, enter, judge, resend }), "");

/** The evergreen loader, `/widget/v1.js`; the server puts the config in place of the token. */

import { startFromScript } from "./loader/script";

startFromScript((address) => import(address), "@@HARKEN_CONFIG@@");

// What pages of the house do better with script. Each works without.
import { checks } from "./checks";
import { copies } from "./copies";
import { dialogs } from "./dialogs";
import { filters } from "./filters";
import { live } from "./live";
import { parts } from "./parts";
import { sayAgain } from "./said";

checks();
copies();
dialogs();
filters();
live();
parts();
sayAgain();

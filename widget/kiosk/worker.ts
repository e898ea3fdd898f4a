/** The service worker: the kiosk's own files come from the device, so that it starts without a network. */

interface Waits extends Event {
  waitUntil(work: Promise<unknown>): void;
}
interface Fetches extends Waits {
  request: Request;
  respondWith(reply: Promise<Response>): void;
}

/** The server puts its files and their version here. */
const SHELL: { version: string; files: string[] } = JSON.parse("@@HARKEN_SHELL@@");
const NAME = "harken-kiosk-";
const PICTURES = "harken-kiosk-pictures";
const scope = self as unknown as EventTarget & { skipWaiting(): Promise<void>; clients: { claim(): Promise<void> } };

const listen = (name: string, work: (event: any) => void) => scope.addEventListener(name, work);

listen("install", (event: Waits) => event.waitUntil(install()));
listen("activate", (event: Waits) => event.waitUntil(activate()));
listen("fetch", (event: Fetches) => {
  const { request } = event;
  const { pathname } = new URL(request.url);
  if (request.method != "GET" || new URL(request.url).origin != location.origin) return;
  if (/\/widget\/logo\/[^/]+$/.test(pathname)) event.respondWith(picture(request));
  else if (SHELL.files.some((file) => new URL(file, location.href).pathname == pathname)) event.respondWith(shell(pathname));
});

async function install(): Promise<void> {
  const cache = await caches.open(NAME + SHELL.version);
  // Past the browser's own cache: the version must be this one.
  await cache.addAll(SHELL.files.map((file) => new Request(new URL(file, location.href), { cache: "reload" })));
  await scope.skipWaiting();
}

async function activate(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(NAME) && name != NAME + SHELL.version && name != PICTURES) await caches.delete(name);
  }
  await scope.clients.claim();
}

/** By path alone: what follows the question mark does not change the kiosk. */
async function shell(path: string): Promise<Response> {
  const cache = await caches.open(NAME + SHELL.version);
  return (await cache.match(path)) || fetch(path);
}

/** Logos have the digest of what they hold in their names. */
async function picture(request: Request): Promise<Response> {
  const cache = await caches.open(PICTURES);
  const known = await cache.match(request);
  if (known) return known;
  const reply = await fetch(request);
  if (reply.ok) await cache.put(request, reply.clone());
  return reply;
}

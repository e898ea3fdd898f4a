/** Ids of responses: UUIDv7 (RFC 9562), also where `crypto.randomUUID` is missing. */

export function makeId(now: number): string {
  const random = [...crypto.getRandomValues(new Uint8Array(19))].map((byte) => (byte % 16).toString(16)).join("");
  // The digit 8 is the variant.
  return (now.toString(16).padStart(12, "0") + "7" + random).replace(/(.{8})(....)(....).(...)/, "$1-$2-$3-8$4-");
}

/**
 * Signed receipt tokens, made at the till without any network.
 *
 * One module, no dependency: it signs with WebCrypto, which Node 20, Deno, Bun and browsers have.
 */

const EPOCH_MS = Date.UTC(2025, 0, 1);
const MOST = 0xffffff;
const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LABEL = new TextEncoder().encode("harken receipt 1\n");
const CONFIGURATION = /^hkr1\.(\d{1,8})\.(\d{1,8})\.([A-Za-z0-9_-]{43})\.(https?:\/\/[^/\s]\S*)$/i;

/** What one till signs with. Keep its text as secret as a password: it makes true receipts. */
export class Till {
  #signing;

  constructor(number, keyNumber, key, url) {
    this.number = number;
    this.keyNumber = keyNumber;
    this.url = url;
    this.#signing = importKey(key);
    this.#signing.catch(() => {});
  }

  /** Read the configuration that the server gave. Throws RangeError for anything else. */
  static fromText(text) {
    const found = CONFIGURATION.exec(text.trim());
    if (!found || !text.trim().startsWith("hkr1.")) {
      throw new RangeError("a till's configuration looks like hkr1.17.0.KEY.URL");
    }
    const [number, keyNumber] = [Number(found[1]), Number(found[2])];
    check("till", number, MOST);
    check("keyNumber", keyNumber, 15);
    return new Till(number, keyNumber, fromBase64Url(found[3]), found[4].replace(/\/+$/, ""));
  }

  /**
   * Make the token of one receipt: `{token, url}`.
   *
   * `sequence` is the till's running number, 0 to 16777215; `at` a Date of 2025 to 2056, whose
   * minute counts; `strong` takes a longer signature. Rejects with RangeError for anything else.
   */
  async mint({ sequence, at, strong = false }) {
    const parts = { till: this.number, keyNumber: this.keyNumber, sequence, at, strong };
    const token = await sign(await this.#signing, parts);
    return { token, url: baseOf(this.url) + token };
  }
}

/** Make a token from its parts. `key` is a Uint8Array of 32 bytes. */
export async function mint(key, parts) {
  return sign(await importKey(key), parts);
}

async function sign(signing, { till, keyNumber, sequence, at, strong = false }) {
  const minute = Math.floor((at.getTime() - EPOCH_MS) / 60000);
  check("till", till, MOST);
  check("keyNumber", keyNumber, 15);
  check("sequence", sequence, MOST);
  if (!(minute >= 0 && minute <= MOST)) {
    throw new RangeError(`at must lie in 2025-01-01 to 2056-11-24 in UTC, not ${at}`);
  }
  const header = [((strong ? 2 : 1) << 4) | keyNumber];
  for (const value of [till, minute, sequence]) {
    header.push(value >> 16, (value >> 8) & 255, value & 255);
  }
  const mac = await crypto.subtle.sign("HMAC", signing, Uint8Array.of(...LABEL, ...header));
  return toBase32([...header, ...new Uint8Array(mac, 0, strong ? 9 : 6)]);
}

async function importKey(key) {
  if (key.length !== 32) throw new RangeError(`key must have 32 bytes, not ${key.length}`);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  return crypto.subtle.importKey("raw", key, algorithm, false, ["sign"]);
}

function toBase32(bytes) {
  let text = "";
  let bits = 0;
  let held = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += ALPHABET[(held >> bits) & 31];
    }
    held &= 31;
  }
  return bits ? text + ALPHABET[(held << (5 - bits)) & 31] : text;
}

function fromBase64Url(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (character) => character.charCodeAt(0));
}

/** What stands before the token: capitals, unless the address has a path with small letters. */
function baseOf(url) {
  const path = /^https?:\/\/[^/]*(.*)$/i.exec(url)[1];
  return /^[\x20-\x7e]*$/.test(url) && /^[0-9A-Z $%*+./:-]*$/.test(path)
    ? `${url.toUpperCase()}/R/`
    : `${url}/r/`;
}

function check(name, value, most) {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new RangeError(`${name} must be 0 to ${most}, not ${value}`);
  }
}

/** The staff's PIN, of which the tablet has a digest only. Plain scripts: without https there is no `crypto.subtle`. */

/** `sealed_pin` of `channels/kiosk/register.py`. */
export interface SealedPin {
  salt: string;
  rounds: number;
  /** SHA-256 of salt and PIN, and of that again, `rounds` times in all; in hexadecimal digits. */
  digest: string;
}

const WORD = 2 ** 32;
const START: number[] = [];
const STEP: number[] = [];
for (let number = 2; STEP.length < 64; number++) {
  if ([...Array(number).keys()].slice(2).some((divisor) => number % divisor == 0)) continue;
  if (START.length < 8) START.push((number ** (1 / 2) * WORD) | 0);
  STEP.push((number ** (1 / 3) * WORD) | 0);
}

/** Whether it is what was typed. Takes a tenth of a second. */
export function opens(sealed: SealedPin, typed: string): boolean {
  let digest: Uint8Array = new TextEncoder().encode(sealed.salt + typed);
  for (let round = 0; round < sealed.rounds; round++) digest = sha256(digest);
  return [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") == sealed.digest;
}

/** FIPS 180-4, section 6.2. */
function sha256(bytes: Uint8Array): Uint8Array {
  const padded = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  padded.set(bytes);
  padded[bytes.length] = 128;
  const view = new DataView(padded.buffer);
  view.setUint32(padded.length - 4, bytes.length * 8);
  const state = Int32Array.from(START);
  for (let at = 0; at < padded.length; at += 64) mix(state, view, at);
  const digest = new DataView(new ArrayBuffer(32));
  state.forEach((word, place) => digest.setInt32(place * 4, word));
  return new Uint8Array(digest.buffer);
}

function mix(state: Int32Array, view: DataView, at: number): void {
  const words = new Int32Array(64);
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let step = 0; step < 64; step++) {
    words[step] =
      step < 16
        ? view.getInt32(at + step * 4)
        : lower(words[step - 2]!, 17, 19, 10) + words[step - 7]! + lower(words[step - 15]!, 7, 18, 3) + words[step - 16]!;
    const first = (h + upper(e, 6, 11, 25) + ((e & f) ^ (~e & g)) + STEP[step]! + words[step]!) | 0;
    const second = (upper(a, 2, 13, 22) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [a, b, c, d, e, f, g, h] = [(first + second) | 0, a, b, c, (d + first) | 0, e, f, g];
  }
  [a, b, c, d, e, f, g, h].forEach((word, place) => (state[place]! += word));
}

const turned = (word: number, by: number) => (word >>> by) | (word << (32 - by));
const upper = (word: number, one: number, two: number, three: number) => turned(word, one) ^ turned(word, two) ^ turned(word, three);
const lower = (word: number, one: number, two: number, by: number) => turned(word, one) ^ turned(word, two) ^ (word >>> by);

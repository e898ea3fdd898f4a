/** What one till signs with. */
export declare class Till {
  readonly number: number;
  readonly keyNumber: number;
  readonly url: string;
  constructor(number: number, keyNumber: number, key: Uint8Array, url: string);
  /** Read the configuration that the server gave. Throws RangeError for anything else. */
  static fromText(text: string): Till;
  /** Make the token of one receipt. Rejects with RangeError for values out of their range. */
  mint(parts: { sequence: number; at: Date; strong?: boolean }): Promise<{
    token: string;
    url: string;
  }>;
}

/** Make a token from its parts; `key` has 32 bytes. */
export declare function mint(
  key: Uint8Array,
  parts: { till: number; keyNumber: number; sequence: number; at: Date; strong?: boolean },
): Promise<string>;

/** A quick guess at how hard a password is to guess; the daemon, which knows dictionaries, has the last word. */

export interface Strength {
  level: 0 | 1 | 2 | 3 | 4;
  word: string;
}

const WORDS = ["too short", "weak", "fair", "good", "strong"] as const;
const COMMON = /pass(wor[dt])?|qwert|asdf|letmein|welcome|admin|flexget|iloveyou|(19|20)\d\d|abc|123/gi;

/** Bits of a password: its length by the size of its alphabet, with runs, repeats and common words counted once. */
function bits(password: string): number {
  const bare = password.replace(COMMON, "*").replace(/(.)\1+/gu, "$1");
  const alphabet =
    (/[a-z]/.test(bare) ? 26 : 0) +
    (/[A-Z]/.test(bare) ? 26 : 0) +
    (/\d/.test(bare) ? 10 : 0) +
    (/[^a-zA-Z\d]/.test(bare) ? 33 : 0);
  const distinct = new Set(bare).size;
  return Math.min(bare.length, distinct * 2) * Math.log2(Math.max(alphabet, 2));
}

/** Level 3 and up is what the daemon is likely to take. */
export function strength(password: string): Strength {
  const found = bits(password);
  const level = password.length < 8 ? 0 : found < 36 ? 1 : found < 50 ? 2 : found < 70 ? 3 : 4;
  return { level, word: WORDS[level] };
}

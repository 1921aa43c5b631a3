/**
 * SHA-256 (FIPS 180-4) of short texts, many thousands of them: the browser's own takes a promise a hash, and only over
 * https. The constants are the first 32 bits of the fractional parts of the cube and square roots of the first primes.
 */
const primes = ((): number[] => {
  const found: number[] = [];
  for (let n = 2; found.length < 64; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
})();
const fraction = (root: number): number => ((root - Math.floor(root)) * 2 ** 32) >>> 0;
const K = Uint32Array.from(primes, (p) => fraction(Math.cbrt(p)));
const H = Uint32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p)));

/** So long a text of ASCII fits in one block. */
export const ONE_BLOCK = 55;

const w = new Uint32Array(64);
/** The compiler can't know that an index is within. */
const at = (words: Uint32Array, i: number): number => words[i] ?? 0;
const turn = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

/** The first 32 bits of the hash of a text of at most 55 ASCII characters. */
export function firstBits(text: string): number {
  w.fill(0, 0, 16);
  const { length } = text;
  for (let i = 0; i < length; i++) w[i >> 2] = at(w, i >> 2) | (text.charCodeAt(i) << (24 - 8 * (i & 3)));
  w[length >> 2] = at(w, length >> 2) | (0x80 << (24 - 8 * (length & 3)));
  w[15] = length * 8;
  for (let i = 16; i < 64; i++) {
    const [a, b] = [at(w, i - 15), at(w, i - 2)];
    const s0 = turn(a, 7) ^ turn(a, 18) ^ (a >>> 3);
    const s1 = turn(b, 17) ^ turn(b, 19) ^ (b >>> 10);
    w[i] = at(w, i - 16) + s0 + at(w, i - 7) + s1;
  }
  let [a, b, c, d] = [at(H, 0), at(H, 1), at(H, 2), at(H, 3)];
  let [e, f, g, h] = [at(H, 4), at(H, 5), at(H, 6), at(H, 7)];
  for (let i = 0; i < 64; i++) {
    const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
    const one = (h + s1 + ((e & f) ^ (~e & g)) + at(K, i) + at(w, i)) | 0;
    const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
    const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  return (a + at(H, 0)) >>> 0;
}

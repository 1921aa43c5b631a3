import { firstBits } from './sha256';

/** What the server asks for before it takes what anybody may send (docs/enquiries.md). */
export interface Challenge {
  text: string;
  rounds: number;
  bits: number;
}

/** The numbers that solve a challenge, one a round: SHA-256 of `nonce.round.number` begins with so many zero bits. */
export function solve({ text, rounds, bits }: Challenge): number[] {
  const [, nonce = ''] = text.split('.');
  return Array.from({ length: rounds }, (_, round) => {
    for (let n = 0; ; n++) if (Math.clz32(firstBits(`${nonce}.${round}.${n}`)) >= bits) return n;
  });
}

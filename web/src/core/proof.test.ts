import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { solve } from './proof';
import { firstBits, ONE_BLOCK } from './sha256';

const known = (text: string): number => createHash('sha256').update(text).digest().readUInt32BE(0);

describe('the work before an enquiry', () => {
  it('hashes every short text as SHA-256 does', () => {
    for (let length = 0; length <= ONE_BLOCK; length++) {
      const text = 'aZ.9~'.repeat(11).slice(0, length);
      expect(firstBits(text), `${length} characters`).toBe(known(text));
    }
  });

  it('finds numbers that the server takes', () => {
    const text = '1795867200.AbCdEfGhIjKlMnOpQrStUv.tag';
    const numbers = solve({ text, rounds: 3, bits: 9 });
    expect(numbers).toHaveLength(3);
    numbers.forEach((n, round) =>
      expect(Math.clz32(known(`AbCdEfGhIjKlMnOpQrStUv.${round}.${n}`))).toBeGreaterThanOrEqual(9),
    );
  });

  it('stays within one block for the longest number', () => {
    expect(`${'x'.repeat(22)}.63.4294967295`.length).toBeLessThanOrEqual(ONE_BLOCK);
  });
});

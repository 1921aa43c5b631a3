import { describe, expect, it } from 'vitest';
import table from '../../../geo/land/codes.json';
import { compareCodes, isBlank, readCode } from './code';

interface Case {
  in: string;
  out?: string;
  bad?: string;
  at?: number;
}

/** The server's rules and the database's are held to the same table. */
describe('a code', () => {
  it.each(table.cases as Case[])('has one normal form: $in', ({ in: given, out, bad, at }) => {
    const read = readCode(given);
    if (out !== undefined) expect(read).toEqual({ code: out });
    else if (bad === 'blank' || (bad === 'long' && at === 0)) expect(read).toEqual({ fault: bad });
    else if (isBlank(given)) expect(read).toHaveProperty('fault');
    else expect(read).toEqual({ fault: 'unseen', hex: bad, at });
  });

  it('sorts as people count', () => {
    for (const [i, a] of table.order.entries())
      for (const [k, b] of table.order.entries())
        expect(compareCodes(a, b), `${a} and ${b}`).toBe(Math.sign(i - k));
    expect(table.order.toReversed().toSorted(compareCodes)).toEqual(table.order);
  });
});

describe('a text', () => {
  it('is blank when it shows nothing', () => {
    for (const text of ['', ' ', '\u3000\n', '\u200b', '\u3164\u2800 ', '\ufeff'])
      expect(isBlank(text)).toBe(true);
    for (const text of ['a', '地', ' . ', '😀']) expect(isBlank(text)).toBe(false);
  });
});

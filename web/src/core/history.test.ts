import { describe, expect, it } from 'vitest';
import { reversible, type Entry } from './history';

const entry = (seq: number, kind: string, by: string | null, revertedBy: number | null = null): Entry => ({
  seq,
  at: '',
  kind,
  reason: '',
  documents: null,
  proposed_by: by === null ? null : { id: by, name: by },
  approved_by: null,
  parcels: [],
  parcel_count: 0,
  reverts: null,
  reverted_by: revertedBy,
});

describe('undo', () => {
  it('is of one’s own last record, whoever else did something since', () => {
    expect(
      reversible([entry(9, 'hold', 'other'), entry(8, 'split', 'me'), entry(7, 'hold', 'me')], 'me'),
    ).toBe(8);
  });

  it('is not offered twice, nor of an undo', () => {
    expect(reversible([entry(9, 'revert', 'other'), entry(8, 'split', 'me', 9)], 'me')).toBeNull();
    expect(reversible([entry(9, 'revert', 'me'), entry(8, 'split', 'me', 9)], 'me')).toBeNull();
  });

  it('is not of what nobody did', () => {
    expect(reversible([entry(1, 'import', null)], 'me')).toBeNull();
    expect(reversible([], 'me')).toBeNull();
  });
});

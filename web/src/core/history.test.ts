import { describe, expect, it } from 'vitest';
import { reversible, type Entry } from './history';

const entry = (seq: number, kind: string, by: string | null, revertedBy: number | null = null): Entry => ({
  seq,
  at: '',
  kind,
  reason: '',
  id: '',
  documents: [],
  unlocked: false,
  via: 'session',
  proposed_by: by === null ? null : { id: by, name: by },
  approved_by: null,
  parcels: [],
  parcel_count: 0,
  objects: [],
  reverts: null,
  reverted_by: revertedBy,
});

describe('undo', () => {
  it.each(['split', 'hold', 'revert', 'publish'])(
    'is offered of a record of kind %s, whoever made it',
    (kind) => {
      expect(reversible(entry(9, kind, 'other'))).toBe(true);
    },
  );

  it('is not offered twice', () => {
    expect(reversible(entry(8, 'split', 'me', 9))).toBe(false);
  });

  it.each(['import', 'sample', 'correct', 'expire', 'queue', 'leave', 'pass'])(
    'is not offered of %s',
    (kind) => {
      expect(reversible(entry(1, kind, null))).toBe(false);
    },
  );
});

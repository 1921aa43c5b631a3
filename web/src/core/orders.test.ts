import { describe, expect, it } from 'vitest';
import type { BankStatus, Status } from './feed';
import {
  aim,
  daysLeft,
  movesFor,
  partCodes,
  withRights,
  type DeskParcel,
  type DeskProperties,
} from './orders';

function parcel(code: string, status: Status, change: Partial<DeskProperties> = {}): DeskParcel {
  const bank: BankStatus = status === 'reserve' || status === 'withdrawn' ? status : 'available';
  const properties = {
    code,
    status,
    bank_status: bank,
    version: 7,
    allotment: null,
    allotment_version: null,
    publication: 'public',
    legal_m2: 1,
    ...change,
  } as DeskProperties;
  return { type: 'Feature', id: `id-${code}`, geometry: { type: 'Polygon', coordinates: [] }, properties };
}

describe('what may be ordered', () => {
  it.each<[Status, string[]]>([
    ['reserve', ['release', 'split', 'correct', 'unpublish']],
    ['available', ['hold', 'withdraw', 'split', 'correct', 'unpublish']],
    ['withdrawn', ['restore', 'split', 'correct', 'unpublish']],
    ['held', ['extend', 'reserve', 'take_back', 'split', 'correct', 'unpublish', 'queue']],
    ['reserved', ['supply', 'take_back', 'split', 'correct', 'unpublish', 'queue']],
    ['supplied', ['build', 'take_back', 'split', 'correct', 'unpublish', 'queue']],
    ['built', ['take_back', 'split', 'correct', 'unpublish', 'queue']],
  ])('of land that is %s: %j', (status, moves) => {
    expect(movesFor([parcel('a', status, { allotment: 'r' })])).toEqual(moves);
  });

  it('is what all the parcels allow', () => {
    expect(movesFor([])).toEqual([]);
    expect(movesFor([parcel('a', 'available'), parcel('b', 'available')])).toEqual([
      'hold',
      'withdraw',
      'merge',
      'move',
      'unpublish',
    ]);
    expect(movesFor([parcel('a', 'available'), parcel('b', 'reserve')])).toEqual(['unpublish']);
  });

  it('never joins land of two rights, or acts on two rights at once', () => {
    const two = [parcel('a', 'held', { allotment: 'r' }), parcel('b', 'held', { allotment: 's' })];
    expect(movesFor(two)).toEqual(['unpublish']);
    const one = [parcel('a', 'held', { allotment: 'r' }), parcel('b', 'held', { allotment: 'r' })];
    expect(movesFor(one)).toContain('merge');
    expect(movesFor(one)).toContain('take_back');
  });

  it('offers to publish what is not, and only that', () => {
    const hidden = parcel('a', 'available', { publication: 'internal' });
    expect(movesFor([hidden])).toContain('publish');
    expect(movesFor([hidden, parcel('b', 'available')])).not.toContain('publish');
  });
});

describe('an order', () => {
  it('names parcels at the versions that were seen, and rights as rights', () => {
    expect(aim('hold', [parcel('a', 'available', { version: 12 })])).toEqual({
      kind: 'hold',
      parcels: [{ id: 'id-a', version: 12 }],
    });
    expect(aim('reserve', [parcel('a', 'held', { allotment: 'r', allotment_version: 9 })])).toEqual({
      kind: 'reserve',
      allotment: { id: 'r', version: 9 },
    });
  });

  it('on a right concerns all its ground', () => {
    const all = [
      parcel('a', 'held', { allotment: 'r' }),
      parcel('b', 'held', { allotment: 'r' }),
      parcel('c', 'available'),
    ];
    expect(withRights(all.slice(0, 1), all).map(({ properties }) => properties.code)).toEqual(['a', 'b']);
    expect(withRights(all.slice(2), all).map(({ properties }) => properties.code)).toEqual(['c']);
  });

  it('counts the days a hold has left', () => {
    const now = Date.parse('2026-11-22T12:00:00Z');
    expect(daysLeft('2026-11-24T12:00:00Z', now)).toBe(2);
    expect(daysLeft('2026-11-23T11:59:59Z', now)).toBe(0);
    expect(daysLeft('2026-11-22T11:00:00Z', now)).toBe(-1);
    expect(daysLeft(null, now)).toBeNull();
    expect(daysLeft('soon', now)).toBeNull();
  });

  it('foresees the codes of the parts', () => expect(partCodes('A', 3)).toEqual(['A-1', 'A-2', 'A-3']));
});

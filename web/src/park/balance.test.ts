import { describe, expect, it } from 'vitest';
import { firstLine, legendRows } from './balance';
import type { Balance, Parcel } from '../core/feed';
import type { DeskParcel } from '../core/orders';

const row = (status: Balance['rows'][number]['status'], parcels: number, legal_m2: number) => ({
  status,
  parcels,
  legal_m2,
  legal_mu: legal_m2 * 0.0015,
  computed_m2: legal_m2,
});

const balance: Balance = {
  park: 'p',
  seq: 1,
  at: '2022-05-28T00:00:00Z',
  datetime: null,
  state_seq: 1,
  state_at: '2022-05-28T00:00:00Z',
  scope: 'public',
  rows: [
    row('reserve', 3, 333_333.3333),
    row('available', 0, 0),
    row('held', 1, 100.0001),
    row('reserved', 0, 0),
    { ...row('supplied', 5, 200_000.3), built_legal_m2: 50_000.1, built_parcels: 2 },
    row('withdrawn', 0, 0),
  ],
  total: { parcels: 9, legal_m2: 533_433.6334, legal_mu: 800.15, computed_m2: 0 },
  boundary_m2: 1,
  unparcelled_m2: 1,
};

describe('the legend', () => {
  it('parts what is built from what is supplied', () => {
    const rows = new Map(legendRows(balance).map((each) => [each.status, each]));
    expect(rows.get('supplied')).toMatchObject({ parcels: 3, legalM2: 150_000.2 });
    expect(rows.get('built')).toMatchObject({ parcels: 2, legalM2: 50_000.1 });
  });

  it('sums to the total in parcels, area and shares', () => {
    const rows = legendRows(balance);
    expect(rows.reduce((sum, each) => sum + each.parcels, 0)).toBe(9);
    expect(rows.reduce((sum, each) => sum + each.legalM2, 0)).toBeCloseTo(533_433.6334, 4);
    expect(rows.reduce((sum, each) => sum + each.share, 0)).toBeCloseTo(1, 12);
  });

  it('has the words that planners read where their parcels are here, and sums to the same total', () => {
    const desk = [
      { status: 'held', publication: 'public', legal_m2: 100.0001 },
      { status: 'reserved', publication: 'public', legal_m2: 50.5 },
      { status: 'available', publication: 'internal', legal_m2: 7 },
    ].map((properties) => ({ properties }) as unknown as DeskParcel);
    const all: Balance = {
      ...balance,
      rows: [row('in_negotiation', 2, 150.5001)],
      total: { parcels: 2, legal_m2: 150.5001, legal_mu: 0.23, computed_m2: 0 },
    };
    const seen = (rows: ReturnType<typeof legendRows>): unknown =>
      rows
        .filter(({ parcels }) => parcels > 0)
        .map(({ status, parcels, legalM2 }) => [status, parcels, legalM2]);
    expect(seen(legendRows(all))).toEqual([['in_negotiation', 2, 150.5001]]);
    expect(seen(legendRows(all, desk))).toEqual([
      ['held', 1, 100.0001],
      ['reserved', 1, 50.5],
    ]);
  });

  it('keeps every status but those of rights, in order, for a park with no parcels', () => {
    const rows = legendRows({
      ...balance,
      rows: [],
      total: { parcels: 0, legal_m2: 0, legal_mu: 0, computed_m2: 0 },
    });
    expect(rows.map(({ status, share }) => [status, share])).toEqual(
      ['reserve', 'available', 'supplied', 'built', 'withdrawn'].map((status) => [status, 0]),
    );
  });
});

describe('the first line', () => {
  const parcel = (status: string, legal_m2: number): Parcel =>
    ({ properties: { status, legal_m2 } }) as unknown as Parcel;
  const withFree: Balance = {
    ...balance,
    rows: balance.rows.map((each) => (each.status === 'available' ? row('available', 2, 76_000) : each)),
  };

  it('says what is free as the balance has it, and its sizes as the parcels have them', () => {
    const parcels = [parcel('available', 12_000), parcel('available', 64_000), parcel('reserve', 1)];
    expect(firstLine(withFree, parcels)).toEqual({
      form: 'free',
      n: 2,
      m2: 76_000,
      least: 12_000,
      most: 64_000,
    });
  });

  it('names no sizes while the parcels are on their way, or are of another moment', () => {
    expect(firstLine(withFree, null)).toMatchObject({ form: 'sum', n: 2, m2: 76_000 });
    expect(firstLine(withFree, [parcel('available', 12_000)])).toMatchObject({ form: 'sum', n: 2 });
  });

  it('tells of the reserve where nothing is available', () => {
    expect(firstLine(balance, [])).toMatchObject({ form: 'none', n: 3, m2: 333_333.3333 });
    expect(firstLine({ ...balance, rows: [] }, [])).toMatchObject({ form: 'nothing', n: 0 });
  });
});

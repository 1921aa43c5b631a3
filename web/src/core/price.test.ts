import { describe, expect, it } from 'vitest';
import { isOld, kindOf, oldPrices, unitOf } from './price';

describe('a price', () => {
  it('is of land, or of a workshop by the month, and says so where nobody stated its kind', () => {
    expect(unitOf('rent')).toBe('web.unit.rent');
    expect(unitOf('announced')).toBe('web.unit.price');
    expect(unitOf(null)).toBe('web.unit.price');
    expect(kindOf('minimum')).toBe('web.price.minimum');
    expect(kindOf(null)).toBe('web.price.unstated');
  });

  it('is old after so many months of the calendar, and not known to be where it has no day', () => {
    const day = (text: string): Date => new Date(`${text}T00:00:00Z`);
    expect(isOld('2025-11-28', 12, day('2026-11-28'))).toBe(false);
    expect(isOld('2025-11-28', 12, day('2026-11-29'))).toBe(true);
    expect(isOld('2025-01-31', 1, day('2025-03-03'))).toBe(false);
    expect(isOld('2025-01-31', 1, day('2025-03-04'))).toBe(true);
    expect(isOld(null, 1, day('2026-11-29'))).toBe(false);
  });

  it('is told to the park by the codes of its parcels', () => {
    const parcel = (code: string, price: number | null, price_on: string | null) => ({
      properties: { code, price_cny_per_m2: price, price_kind: null, price_document: null, price_on },
    });
    const all = [parcel('A', 1, '2020-01-01'), parcel('B', null, '2020-01-01'), parcel('C', 1, null)];
    expect(oldPrices(all, 12, new Date('2026-11-28T00:00:00Z'))).toEqual(['A']);
  });
});

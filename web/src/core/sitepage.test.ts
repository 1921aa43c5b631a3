import { describe, expect, it } from 'vitest';
import { lotText, MOST_CORNERS, sitePage } from './sitepage';

const ring = (n: number): number[][] => {
  const all = Array.from({ length: n }, (_, i) => [122 + i * 1e-9, 37 - i * 2e-9]);
  return [...all, ...all.slice(0, 1)];
};

describe('the address of a page of a site', () => {
  it('names parcels by their codes', () => {
    expect(sitePage('p', { kind: 'parcel', parcels: [{ code: 'A/1' }] }, 'zh')).toBe(
      '/sites/p/A%2F1?lang=zh',
    );
    expect(sitePage('p', { kind: 'assembly', parcels: [{ code: 'A' }, { code: 'B' }] }, 'en')).toBe(
      '/sites/p/A,B?lang=en',
    );
  });

  it('is none for more parcels than a page tells of together', () => {
    const together = (n: number) =>
      sitePage(
        'p',
        { kind: 'assembly', parcels: Array.from({ length: n }, (_, i) => ({ code: `P${i}` })) },
        'en',
      );
    expect(together(10)).not.toBeNull();
    expect(together(11)).toBeNull();
  });

  it('holds the outline of a lot, exactly, as steps of the grid', () => {
    const shape = {
      type: 'Polygon' as const,
      coordinates: [
        [
          [122.029172736, 37.248776183],
          [122.028965446, 37.249810385],
          [122.027683771, 37.249510562],
          [122.029172736, 37.248776183],
        ],
      ],
    };
    expect(lotText(shape)).toBe('122029172736_37248776183_-207290_1034202_-1281675_-299823');
    expect(sitePage('p', { kind: 'lot', parcels: [{ code: 'A' }], geometry: shape }, 'en')).toBe(
      '/sites/p/A?lang=en&lot=122029172736_37248776183_-207290_1034202_-1281675_-299823',
    );
  });

  it('has none for a lot with a hole, or with more corners than an address takes', () => {
    const lot = (coordinates: number[][][]) =>
      sitePage(
        'p',
        { kind: 'lot', parcels: [{ code: 'A' }], geometry: { type: 'Polygon', coordinates } },
        'en',
      );
    expect(lot([ring(MOST_CORNERS)])).not.toBeNull();
    expect(lot([ring(MOST_CORNERS + 1)])).toBeNull();
    expect(lot([ring(4), ring(4)])).toBeNull();
    expect(sitePage('p', { kind: 'lot', parcels: [{ code: 'A' }] }, 'en')).toBeNull();
  });
});

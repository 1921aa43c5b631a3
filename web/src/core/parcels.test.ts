import { describe, expect, it } from 'vitest';
import { statuses, type Parcel, type ParcelProperties } from './feed';
import { occupant, sorted } from './parcels';

const parcel = (code: string, change: Partial<ParcelProperties> = {}): Parcel =>
  ({
    type: 'Feature',
    id: code,
    geometry: { type: 'Polygon', coordinates: [] },
    properties: {
      code,
      status: 'available',
      legal_m2: 1,
      tenant_zh: null,
      tenant_en: null,
      zone: null,
      ...change,
    },
  }) as unknown as Parcel;

const codes = (parcels: Parcel[]): string[] => parcels.map((each) => each.properties.code);

describe('the list', () => {
  it('orders codes as people count', () => {
    const parcels = ['A-10', 'A-2', 'A-1'].map((code) => parcel(code));
    expect(codes(sorted(parcels, { column: 'code', descending: false }, 'zh', statuses))).toEqual([
      'A-1',
      'A-2',
      'A-10',
    ]);
    expect(codes(sorted(parcels, { column: 'code', descending: true }, 'zh', statuses))).toEqual([
      'A-10',
      'A-2',
      'A-1',
    ]);
  });

  it('puts absent tenants last both ways, and ties by code', () => {
    const parcels = [
      parcel('3'),
      parcel('2', { tenant_en: 'B' }),
      parcel('1'),
      parcel('4', { tenant_en: 'A' }),
    ];
    expect(codes(sorted(parcels, { column: 'tenant', descending: false }, 'en', statuses))).toEqual([
      '4',
      '2',
      '1',
      '3',
    ]);
    expect(codes(sorted(parcels, { column: 'tenant', descending: true }, 'en', statuses))).toEqual([
      '2',
      '4',
      '1',
      '3',
    ]);
  });

  it('orders by area and by the status’s place in the land’s life', () => {
    const parcels = [
      parcel('a', { legal_m2: 9, status: 'built' }),
      parcel('b', { legal_m2: 10, status: 'reserve' }),
    ];
    expect(codes(sorted(parcels, { column: 'mu', descending: true }, 'zh', statuses))).toEqual(['b', 'a']);
    expect(codes(sorted(parcels, { column: 'status', descending: false }, 'zh', statuses))).toEqual([
      'b',
      'a',
    ]);
  });
});

describe('who is on a parcel', () => {
  const project = { project_zh: '预浸料厂', project_en: 'Prepreg plant' };
  it.each([
    [{ tenant_zh: '威达', tenant_en: 'Weida', ...project }, '威达', 'Weida'],
    [{ tenant_zh: null, tenant_en: null, ...project }, '预浸料厂', 'Prepreg plant'],
    [{ tenant_zh: '威达', tenant_en: null, ...project }, '威达', '威达'],
    [{}, null, null],
  ])('of %o says %s and %s', (of, zh, en) => {
    expect(occupant('zh', of)).toBe(zh);
    expect(occupant('en', of)).toBe(en);
  });
});

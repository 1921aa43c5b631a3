import { describe, expect, it } from 'vitest';
import { noFilters, type Filters } from './filters';
import { filterOf, isLarge, isSortable, sortOf, tileAddress, tilesOf, tilesTouched, zoomOf } from './large';

const filters = (some: Partial<Filters>): string | null => filterOf({ ...noFilters, ...some });
const bbox: [number, number, number, number] = [122, 36.9, 122.1, 37.1];
const park = { code: 'big park', parcels: 10_000, computed_m2: 4e6, bbox };

describe('a large park', () => {
  it('has more parcels than a page holds', () => {
    expect(isLarge({ parcels: 5_000 })).toBe(false);
    expect(isLarge({ parcels: 5_001 })).toBe(true);
  });

  it('has tiles for the public, for members, of a moment and of what filters leave', () => {
    expect(tilesOf(park, {}, null)).toEqual({
      all: '/tiles/parcels/{z}/{x}/{y}?park=big+park',
      kept: null,
      sideM: 20,
      joinedTo: 13,
    });
    const { all, kept } = tilesOf(park, { desk: true, at: '2026-01-02T00:00:00Z' }, "status IN ('held')");
    expect(all).toBe('/api/parks/big%20park/tiles/parcels/{z}/{x}/{y}?datetime=2026-01-02T00%3A00%3A00Z');
    expect(new URLSearchParams(kept?.split('?')[1]).get('filter')).toBe("status IN ('held')");
    expect(tilesOf(park, { desk: true }, null).all).toBe('/api/parks/big%20park/tiles/parcels/{z}/{x}/{y}');
  });

  it('asks for statuses alone where parcels are too small to be picked out', () => {
    expect(tileAddress('http://host/tiles/parcels/13/1/2?park=a', 13)).toBe(
      'http://host/tiles/parcels/13/1/2?park=a&joined=status',
    );
    expect(tileAddress('http://host/tiles/parcels/2/1/2', 13)).toMatch(/\?joined=status$/);
    for (const url of [
      'http://host/tiles/parcels/14/1/2',
      'http://host/tiles/zones/2/1/2',
      '/basemap.pmtiles',
    ])
      expect(tileAddress(url, 13)).toBe(url);
  });

  it('draws outlines where the sides of parcels are long enough to see', () => {
    expect(zoomOf(20, 7, 37)).toBeCloseTo(14.42, 1);
    expect(zoomOf(200, 7, 37)).toBeCloseTo(zoomOf(20, 7, 37) - Math.log2(10), 6);
    expect(zoomOf(0, 7, 37)).toBe(24);
  });
});

describe('filters for the server', () => {
  it('are none where none is set, or only such as need land to be measured', () => {
    expect(filters({})).toBeNull();
    expect(filters({ ranges: { port: [null, 5] }, by: '2027-01-01', hazard: 'C' })).toBeNull();
  });

  it('hold together, and double the quotes of texts', () => {
    expect(filters({ statuses: ['available', 'held'], uses: ["10'01"] })).toBe(
      "status IN ('available','held') AND land_use IN ('10''01')",
    );
  });

  it('bound sizes in square metres, with the slack of what is typed', () => {
    expect(filters({ ranges: { mu: [60, null] } })).toBe('legal_m2 >= 39999.9333');
    expect(filters({ ranges: { mu: [0, 15] } })).toBe('legal_m2 >= -0.0667 AND legal_m2 <= 10000.0667');
  });

  it('leave out land of which nothing is known, unless it is asked for', () => {
    expect(filters({ ready: ['water', 'power'] })).toBe('service_water = TRUE AND service_power = TRUE');
    expect(filters({ uses: ['1001'], unknown: true })).toBe("(land_use IN ('1001') OR land_use IS NULL)");
    expect(filters({ statuses: ['held'], unknown: true })).toBe("status IN ('held')");
    expect(filters({ ranges: { price: [null, 300] } })).toBe(
      "(price_cny_per_m2 <= 300.0001 AND (price_kind IS NULL OR NOT price_kind = 'rent'))",
    );
  });
});

describe('orders of the server', () => {
  it('go by the column, then by code', () => {
    expect(sortOf({ column: 'code', descending: true }, 'zh')).toBe('-code');
    expect(sortOf({ column: 'mu', descending: true }, 'zh')).toBe('-legal_m2,code');
    expect(sortOf({ column: 'tenant', descending: false }, 'en')).toBe('tenant_en,code');
  });

  it('go by the code where a column needs land to be measured', () => {
    expect(isSortable('port')).toBe(false);
    expect(sortOf({ column: 'port', descending: true }, 'zh')).toBe('code');
  });
});

describe('tiles that a change touches', () => {
  const box = [122.15, 37.25, 122.1502, 37.2502] as const;

  it('are those around it, at every zoom', () => {
    const found = tilesTouched([[...box]], 1_000) ?? [];
    expect(found.filter(({ z }) => z === 0)).toEqual([{ z: 0, x: 0, y: 0 }]);
    expect(found.filter(({ z }) => z === 12)).toEqual([{ z: 12, x: 3437, y: 1590 }]);
    expect(found.length).toBeLessThan(60);
  });

  it('include the neighbour whose margin shows it', () => {
    // the tile 12/3437/1590 begins at 122.080078 degrees east
    const west = 122.0802;
    const found = tilesTouched([[west, 37.25, west + 1e-4, 37.2501]], 1_000) ?? [];
    expect(found.filter(({ z }) => z === 12).map(({ x }) => x)).toEqual([3436, 3437]);
  });

  it('are all where they are too many', () => {
    expect(tilesTouched([[122, 37, 123, 38]], 1_000)).toBeNull();
  });
});

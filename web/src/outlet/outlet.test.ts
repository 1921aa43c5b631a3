import { describe, expect, it } from 'vitest';
import { addressOf, filterFor, fitting, formatOf, formats, nameOf, systemsOf } from './outlet';

describe('exports', () => {
  it('keep of the chosen layers what a format holds, and never none', () => {
    expect(fitting(formatOf('gpkg'), ['zones', 'parcels'])).toEqual(['parcels', 'zones']);
    expect(fitting(formatOf('fgb'), ['zones', 'parcels'])).toEqual(['parcels']);
    expect(fitting(formatOf('points'), ['networks'])).toEqual(['parcels']);
    for (const format of formats) expect(fitting(format, [])).toEqual(['parcels']);
  });

  it('offer the systems that a format holds', () => {
    const of = (name: string, survey = 4550): string[] =>
      systemsOf(formatOf(name), survey).map(({ crs }) => crs);
    expect(of('kml')).toEqual(['', 'EPSG:4326']);
    expect(of('pmtiles')).toEqual(['']);
    expect(of('dxf')).toEqual(['', 'EPSG:4550', 'EPSG:4529', 'EPSG:3857']);
    expect(of('survey-txt', 4509)).toEqual(['', 'EPSG:4509', 'EPSG:4498']);
    expect(of('gpkg', 32651)).toEqual(['', 'EPSG:32651', 'EPSG:4490', 'EPSG:4326', 'EPSG:3857']);
  });

  it('name the parcels that filters leave, or those that they leave out', () => {
    expect(filterFor(["A'1", 'B,2'], ['C', 'D', 'E', 'F', 'G'])).toBe("code IN ('A''1','B,2')");
    expect(filterFor(['A', 'B', 'C', 'D', 'E', 'F'], ['G'])).toBe("NOT (code IN ('G'))");
    const many = Array.from({ length: 3000 }, (_, i) => `地块${i}`);
    expect(filterFor(many, many)).toBeNull();
    expect(filterFor([], ['A'])).toBe('1 = 0');
  });

  it('ask for what was chosen', () => {
    const address = addressOf({
      park: 'carbon fibre',
      format: formatOf('shp'),
      layers: ['parcels', 'zones'],
      crs: 'EPSG:4550',
      moment: '2026-11-29',
      filter: "code IN ('A&B','C')",
      gbk: true,
      shown: true,
      lang: 'zh',
    });
    expect(address).toBe(
      '/api/parks/carbon%20fibre/export?format=shp&layer=parcels,zones&lang=zh&crs=EPSG%3A4550&datetime=2026-11-29' +
        "&filter=code+IN+('A%26B','C')&encoding=gbk&public=true",
    );
  });

  it('take the name of the file from the answer', () => {
    expect(nameOf("attachment; filename*=utf-8''carbon-%E5%9C%B0%E5%9D%97.gpkg", 'x')).toBe(
      'carbon-地块.gpkg',
    );
    expect(nameOf('attachment; filename=carbon.gpkg', 'x')).toBe('carbon.gpkg');
    expect(nameOf(null, 'x.gpkg')).toBe('x.gpkg');
  });
});

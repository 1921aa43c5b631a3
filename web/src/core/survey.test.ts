import { describe, expect, it } from 'vitest';
import type { SurveyAnswer } from './api';
import type { LonLat } from './feed';
import { planeOf, toPlane, type Plane } from './projection';
import { isGeoJson, polygonOf, readGeoJson, surveyOf, writeSurvey, type Surveyed } from './survey';

const plane = planeOf(4550) as Plane;
const corners: LonLat[] = [
  [122.03, 37.25],
  [122.035, 37.25],
  [122.035, 37.254],
];
const hole: LonLat[] = [
  [122.033, 37.2505],
  [122.034, 37.2505],
  [122.034, 37.252],
];
const closed = [...corners, corners[0] as LonLat];
const metres = corners.map((point) => toPlane(plane, ...point));
const ringsIn = (read: Surveyed): LonLat[][] => ('rings' in read ? read.rings : []);

const answer = (more: Partial<SurveyAnswer>): SurveyAnswer => ({
  type: 'FeatureCollection',
  encoding: 'UTF-8',
  crs: 'EPSG:4550',
  facts: [],
  features: [],
  faults: [],
  ...more,
});
type Feature = SurveyAnswer['features'][number];
const feature = (geometry: Feature['geometry'], stated = '', line = 7): Feature => ({
  type: 'Feature',
  geometry,
  properties: {
    line,
    code: '',
    name: '',
    figure: 'area',
    sheet: '',
    use: '',
    class: '',
    corners: 3,
    stated,
    legal_m2: 65_000,
    measured_m2: 65_000,
  },
});
const area: Feature['geometry'] = { type: 'Polygon', coordinates: [closed, [...hole, hole[0] as LonLat]] };

describe('what the server read of a survey', () => {
  it('is the rings of its parcel, and its area where it states one', () => {
    expect(surveyOf(answer({ features: [feature(area)] }))).toEqual({ rings: [corners, hole] });
    expect(surveyOf(answer({ features: [feature(area, '6.5')] }))).toEqual({
      rings: [corners, hole],
      legalM2: 65_000,
    });
    const line: Feature['geometry'] = { type: 'LineString', coordinates: closed };
    expect(surveyOf(answer({ features: [feature(line)] }))).toEqual({ rings: [closed] });
    const point: Feature['geometry'] = { type: 'Point', coordinates: [122, 37] };
    expect(surveyOf(answer({ features: [feature(point)] }))).toEqual({ rings: [[[122, 37]]] });
  });

  it('is its faults, or that there are several parcels', () => {
    const fault = {
      line: 2,
      column: 0,
      field: '',
      expected: 'a',
      got: 'b',
      text: 'line 2: expected a, got b',
    };
    expect(surveyOf(answer({ faults: [fault] }))).toEqual({ faults: ['line 2: expected a, got b'] });
    expect(surveyOf(answer({ features: [feature(area), feature(area, '', 19)] }))).toEqual({
      problem: 'web.survey.two',
      params: { count: 2, line: 19 },
    });
  });
});

describe('GeoJSON', () => {
  const polygon = { type: 'Polygon', coordinates: [closed] };
  const inMetres = { ...polygon, coordinates: [metres.map(({ north, east }) => [east, north])] };
  it.each<[string, object]>([
    ['a polygon', polygon],
    ['of one part', { type: 'MultiPolygon', coordinates: [[closed]] }],
    ['of one feature', { type: 'FeatureCollection', features: [{ type: 'Feature', geometry: polygon }] }],
    ['in metres', { type: 'Feature', properties: {}, geometry: inMetres }],
    [
      'in CGCS2000',
      { ...polygon, crs: { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4490' } } },
    ],
  ])('is read: %s', (_, value) => {
    const text = JSON.stringify(value);
    expect(isGeoJson(text)).toBe(true);
    const [ring = [], ...more] = ringsIn(readGeoJson(text, plane));
    expect(more).toEqual([]);
    ring.forEach(([lon, lat], i) => {
      expect(lon).toBeCloseTo(corners[i]?.[0] ?? NaN, 8);
      expect(lat).toBeCloseTo(corners[i]?.[1] ?? NaN, 8);
    });
    expect(ring).toHaveLength(3);
  });

  it.each<[string, string, string]>([
    ['a point', '{"type":"Point","coordinates":[122,37]}', 'web.survey.geojson'],
    ['broken', '{"type":', 'web.survey.geojson'],
    ['two features', '{"type":"FeatureCollection","features":[{},{}]}', 'web.survey.geojson'],
    ['a ring of words', '{"type":"Polygon","coordinates":[[["a","b"]]]}', 'web.survey.geojson'],
    [
      'in Xi’an 80',
      JSON.stringify({ ...polygon, crs: { type: 'EPSG', properties: { code: 4610 } } }),
      'web.survey.crs',
    ],
    ['in Beijing 54', JSON.stringify({ ...polygon, crs: 'EPSG:4214' }), 'web.survey.crs'],
  ])('is refused: %s', (_, text, problem) => {
    expect(readGeoJson(text, plane)).toMatchObject({ problem });
  });

  it('is not what begins with a section of the exchange text', () => {
    for (const text of ['[属性描述]', 'J1,1,1,1', '', '4124000 414000']) expect(isGeoJson(text)).toBe(false);
  });
});

it('writes a point a line, north before east, with rings where there are several', () => {
  const [first] = metres;
  expect(writeSurvey([corners], plane).split('\n')[0]).toBe(
    `${first?.north.toFixed(4)}, ${first?.east.toFixed(4)}`,
  );
  expect(writeSurvey([closed, hole], plane).split('\n')).toHaveLength(6);
  expect(writeSurvey([corners, hole], plane)).toMatch(/^J1, 1, .*\n(J\d, 1, .*\n)+J1, 2, /);
  expect(writeSurvey([corners], null).split('\n')[0]).toBe('122.030000000, 37.250000000');
});

it('closes the rings of a polygon, and makes none of two points', () => {
  expect(polygonOf([corners])?.coordinates[0]).toEqual(closed);
  expect(polygonOf([corners.slice(0, 2)])).toBeNull();
  expect(polygonOf([])).toBeNull();
});

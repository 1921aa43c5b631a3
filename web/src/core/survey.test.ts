import { describe, expect, it } from 'vitest';
import type { LonLat } from './feed';
import { planeOf, toPlane, type Plane } from './projection';
import { polygonOf, readSurvey, writeSurvey, type Surveyed } from './survey';

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
const inner = hole.map((point) => toPlane(plane, ...point));
const metres = corners.map((point) => toPlane(plane, ...point));
const ringsIn = (read: Surveyed): LonLat[][] => ('rings' in read ? read.rings : []);

function expectCorners(read: Surveyed): void {
  const [ring = [], ...more] = ringsIn(read);
  expect(more).toEqual([]);
  expect(ring).toHaveLength(corners.length);
  ring.forEach(([lon, lat], i) => {
    expect(lon).toBeCloseTo(corners[i]?.[0] ?? NaN, 8);
    expect(lat).toBeCloseTo(corners[i]?.[1] ?? NaN, 8);
  });
}

describe('reading a survey', () => {
  it.each<[string, string]>([
    ['northing and easting', metres.map(({ north, east }) => `${north}, ${east}`).join('\n')],
    [
      'with tabs and the first point again',
      [...metres, metres[0]].map((p) => `${p?.north}\t${p?.east}`).join('\r\n'),
    ],
    ['named points', metres.map(({ north, east }, i) => `J${i + 1} ${north} ${east}`).join('\n')],
    ['with the number of the zone', metres.map(({ north, east }) => `${north} ${east + 41e6}`).join('\n')],
    ['longitude and latitude', corners.map(([lon, lat]) => `${lon} ${lat}`).join('\n')],
    ['latitude and longitude', corners.map(([lon, lat]) => `${lat}，${lon}`).join('\n')],
    [
      'the exchange format of land surveys',
      `[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n3,,1,某地块,面,,,@\n` +
        metres.map(({ north, east }, i) => `J${i + 1},1,${north},${east}`).join('\n'),
    ],
    ['a GeoJSON polygon', JSON.stringify({ type: 'Polygon', coordinates: [[...corners, corners[0]]] })],
    [
      'a collection of one feature in metres',
      JSON.stringify({
        type: 'FeatureCollection',
        features: [
          {
            type: 'Feature',
            properties: {},
            geometry: { type: 'Polygon', coordinates: [metres.map(({ north, east }) => [east, north])] },
          },
        ],
      }),
    ],
  ])('takes %s', (_, text) => expectCorners(readSurvey(text, plane)));

  it('tells the rings of the exchange format apart', () => {
    const text = [1, 2]
      .flatMap((n) =>
        (n === 1 ? metres : inner).map(({ north, east }, i) => `J${n}${i},${n},${north},${east}`),
      )
      .join('\n');
    expect(ringsIn(readSurvey(text, plane)).map((ring) => ring.length)).toEqual([3, 3]);
  });

  it.each<[string, string, string]>([
    ['a word', '4124696.9, 413941.0\nhere', 'web.survey.line'],
    ['one number', '4124696.9', 'web.survey.line'],
    ['five columns', 'J1 1 4124696.9 413941.0 7', 'web.survey.line'],
    ['the number of another zone', '4124696.9, 40413941.0', 'web.survey.zone'],
    ['a point of GeoJSON', '{"type":"Point","coordinates":[122,37]}', 'web.survey.geojson'],
    ['broken GeoJSON', '{"type":', 'web.survey.geojson'],
    ['two features', '{"type":"FeatureCollection","features":[{},{}]}', 'web.survey.geojson'],
    ['a ring of words', '{"type":"Polygon","coordinates":[[["a","b"]]]}', 'web.survey.geojson'],
  ])('refuses %s', (_, text, problem) => {
    expect(readSurvey(text, plane)).toMatchObject({ problem });
  });

  it('names the line that it can’t read', () => {
    expect(readSurvey('4124696.9, 413941.0\n\nx y', plane)).toMatchObject({
      params: { line: 3, text: 'x y' },
    });
  });

  it('reads metres only where the park has a plane', () => {
    expect(readSurvey('4124696.9, 413941.0', null)).toHaveProperty('problem');
    expect(readSurvey('122.03 37.25', null)).toEqual({ rings: [[[122.03, 37.25]]] });
  });
});

describe('writing a survey', () => {
  it.each([plane, null])('comes back within a tenth of a millimetre', (of) => {
    expectCorners(readSurvey(writeSurvey([corners], of), of));
  });
  it('keeps holes', () => {
    const again = ringsIn(readSurvey(writeSurvey([corners, hole], plane), plane));
    expect(again.map((ring) => ring.length)).toEqual([3, 3]);
  });
});

it('closes the rings of a polygon, and makes none of two points', () => {
  expect(polygonOf([corners])?.coordinates[0]).toEqual([...corners, corners[0]]);
  expect(polygonOf([corners.slice(0, 2)])).toBeNull();
  expect(polygonOf([])).toBeNull();
});

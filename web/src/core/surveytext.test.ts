import { describe, expect, it } from 'vitest';
import { table } from './message';
import { planeOf, toPlane, type Plane } from './projection';
import { readSurvey, type Surveyed } from './survey';

const plane = planeOf(4550) as Plane; // 3°, zone 41

const facts: Record<string, string> = {
  格式版本号: '1.01',
  数据产生单位: '某县自然资源局',
  数据产生日期: '2024-03-01',
  坐标系: '2000国家大地坐标系',
  几度分带: '3',
  投影类型: '高斯克吕格',
  计量单位: '米',
  带号: '41',
  精度: '0.001',
  转换参数: ',,,,,,',
};

/** A header, with facts of its own. */
const header = (own: Record<string, string> = {}): string =>
  [
    '[属性描述]',
    ...Object.entries({ ...facts, ...own }).map(([name, value]) => `${name}=${value}`),
    '[地块坐标]',
  ].join('\n');

/** 120 m to the east, 150 m to the north: 1.8 hectares. */
const north = [4_125_000, 4_125_150, 4_125_150, 4_125_000];
const east = [413_200, 413_200, 413_320, 413_320];

interface Ring {
  /** What stands before the eastings. */
  zone?: number;
  ring?: number | string;
  by?: [number, number];
  from?: number;
  size?: number;
  /** Under which number the first point comes again; null: it doesn't. */
  closing?: number | null;
}

function points({
  zone = 41,
  ring = 1,
  by = [0, 0],
  from = 1,
  size = 1,
  closing = Number(ring),
}: Ring = {}): string {
  const at = (i: number): string => {
    const y = 4_125_000 + ((north[i] ?? 0) - 4_125_000) * size + by[0];
    const x = zone * 1e6 + 413_200 + ((east[i] ?? 0) - 413_200) * size + by[1];
    return `${y.toFixed(3)},${x.toFixed(3)}`;
  };
  const lines = [0, 1, 2, 3].map((i) => `J${from + i},${ring},${at(i)}`);
  return [...lines, ...(closing === null ? [] : [`J${from},${closing},${at(0)}`])].join('\n');
}

const head = (count: string, area: string, figure = '面'): string =>
  `${count},${area},7,甲地块,${figure},,工业用地,,@`;
const hole = points({ ring: 2, by: [50, 40], from: 5, size: 0.2 });

const rings = (read: Surveyed): number[] => {
  if ('problem' in read) throw new Error(`${read.problem} ${JSON.stringify(read.params)}`);
  return read.rings.map((ring) => ring.length);
};

describe('a land survey’s text', () => {
  it.each<[string, string, number[]]>([
    ['as it is laid down', `${header()}\n${head('5', '1.8')}\n${points()}`, [4]],
    [
      'with Windows’ line ends',
      `${header()}\n${head('5', '1.8')}\n${points()}\n`.replaceAll('\n', '\r\n'),
      [4],
    ],
    ['with a byte-order mark', `\uFEFF${header()}\n${head('5', '1.8')}\n${points()}`, [4]],
    [
      'with extended information first',
      `[扩展信息]\n坐标系=见附件\n备注=无\n${header()}\n${head('5', '1.8')}\n${points()}`,
      [4],
    ],
    ['with the unit of its area', `${header()}\n${head('5', '1.8000公顷')}\n${points()}`, [4]],
    ['with its area in mu', `${header()}\n${head('5', '27亩')}\n${points()}`, [4]],
    ['with its area in square metres', `${header()}\n${head('5', '18000.00㎡')}\n${points()}`, [4]],
    ['with a rounded area', `${header()}\n${head('5', '2')}\n${points()}`, [4]],
    ['without an area', `${header()}\n${head('', '')}\n${points()}`, [4]],
    ['without a header', `${head('5', '1.8')}\n${points()}`, [4]],
    ['without the parcel’s line', `${header()}\n${points()}`, [4]],
    [
      'with empty facts',
      `${header({ 带号: '', 坐标系: '', 转换参数: '' })}\n${head('5', '1.8')}\n${points()}`,
      [4],
    ],
    ['without the zone before its eastings', `${header()}\n${head('4', '1.8')}\n${points({ zone: 0 })}`, [4]],
    ['without its first point again', `${header()}\n${head('4', '1.8')}\n${points({ closing: null })}`, [4]],
    [
      'with its first point under another ring',
      `${header()}\n${head('5', '1.8')}\n${points({ closing: 2 })}`,
      [4],
    ],
    ['with a hole', `${header()}\n${head('10', '1.728')}\n${points()}\n${hole}`, [4, 4]],
    [
      'with a hole, counted without closing points',
      `${header()}\n${head('8', '1.728')}\n${points()}\n${hole}`,
      [4, 4],
    ],
  ])('is read %s', (_, text, want) => {
    const read = readSurvey(text, plane);
    expect(rings(read)).toEqual(want);
    const first = 'rings' in read && read.rings[0]?.[0];
    const at = first && toPlane(plane, ...first);
    expect(at && at.north).toBeCloseTo(4_125_000, 3);
    expect(at && at.east).toBeCloseTo(413_200, 3);
  });

  const two = `${points()}\n${head('5', '1.8')}\n${points({ by: [400, 0] })}`;
  it.each<[string, string, string, number]>([
    ['two parcels', `${header()}\n${head('5', '1.8')}\n${two}`, 'web.survey.two', 19],
    [
      'two rings under one number',
      `${points()}\n${points({ by: [400, 0], from: 5 })}`,
      'web.survey.again',
      6,
    ],
    [
      'two rings, neither in the other',
      `${points()}\n${points({ ring: 2, by: [400, 0], from: 5 })}`,
      'web.survey.outside',
      6,
    ],
    [
      'a ring that goes on after a hole',
      `${points({ closing: null })}\n${hole}\nJ9,1,4125000.000,41413199.000`,
      'web.survey.again',
      10,
    ],
    ['Xi’an 80', header({ 坐标系: '1980西安坐标系' }), 'web.survey.fact', 5],
    ['Beijing 54', header({ 坐标系: '1954年北京坐标系' }), 'web.survey.fact', 5],
    ['a local system', header({ 坐标系: '某市独立坐标系' }), 'web.survey.fact', 5],
    ['zones of 6°', header({ 几度分带: '6' }), 'web.survey.fact', 6],
    ['another projection', header({ 投影类型: 'UTM' }), 'web.survey.fact', 7],
    ['another unit', header({ 计量单位: '英尺' }), 'web.survey.fact', 8],
    [
      'another zone in the header',
      `${header({ 带号: '40' })}\n${head('5', '1.8')}\n${points({ zone: 0 })}`,
      'web.survey.fact',
      9,
    ],
    [
      'another zone in the header than before the eastings',
      `${header({ 带号: '40' })}\n${points()}`,
      'web.survey.fact',
      9,
    ],
    ['a shift', header({ 转换参数: '12.5,-8,3,0,0,0,1' }), 'web.survey.fact', 11],
    ['a fact stated twice', `${header()}\n带号=40`, 'web.survey.twice', 13],
    ['a fact that is none of the format', header({ 高程基准: '1985国家高程基准' }), 'web.survey.fact', 12],
    ['a section that is none', `[宗地]\n${points()}`, 'web.survey.section', 1],
    ['another zone before the eastings', `${header()}\n${points({ zone: 40 })}`, 'web.survey.zone', 13],
    [
      'the zone before some eastings',
      `${points({ closing: null })}\n${points({ zone: 0, ring: 2, by: [50, 40], size: 0.2 })}`,
      'web.survey.mixed',
      5,
    ],
    [
      'east before north',
      'J1,1,41413200,4125000\nJ2,1,41413200,4125150\nJ3,1,41413320,4125150',
      'web.survey.swapped',
      1,
    ],
    [
      'east before north without the zone',
      '413200 4125000\n413200 4125150\n413320 4125150',
      'web.survey.swapped',
      1,
    ],
    ['degrees among metres', `${points({ closing: null })}\nJ5,1,37.25,122.03`, 'web.survey.mixed', 5],
    ['latitudes after longitudes', '122.03 37.25\n37.26 122.03\n122.04 37.26', 'web.survey.mixed', 2],
    [
      'degrees under a header in metres',
      `${header()}\n37.25,122.03\n37.26,122.03\n37.26,122.04`,
      'web.survey.unit',
      13,
    ],
    ['an area that doesn’t fit', `${header()}\n${head('5', '2.7')}\n${points()}`, 'web.survey.area', 13],
    [
      'an area in no unit that is known',
      `${header()}\n${head('5', '1.8顷')}\n${points()}`,
      'web.survey.area.unit',
      13,
    ],
    ['mu without their name', `${header()}\n${head('5', '27')}\n${points()}`, 'web.survey.area', 13],
    ['a line', `${header()}\n${head('5', '', '线')}\n${points()}`, 'web.survey.figure', 13],
    ['fewer corners than it says', `${header()}\n${head('7', '1.8')}\n${points()}`, 'web.survey.count', 13],
    ['corners before the parcel', `${points()}\n${head('5', '1.8')}`, 'web.survey.before', 6],
    ['a parcel’s line cut off', `${header()}\n甲地块,@`, 'web.survey.head', 13],
    ['one name for two points', `${points({ closing: null })}\nJ1,1,4125080,41413150`, 'web.survey.name', 5],
    ['a lost encoding', '[\uFFFD\uFFFD]\n4125000,413200', 'web.survey.garbled', 1],
    [
      'a hole of two points',
      `${points()}\nJ5,2,4125050,41413240\nJ6,2,4125060,41413250`,
      'web.survey.ring',
      6,
    ],
    ['a ring without a number', points({ ring: 'A', closing: null }), 'web.survey.line', 1],
    ['a point too far from its zone', '4125000,1200', 'web.survey.line', 1],
    ['a point beyond China', 'J1,1,9125000,413200', 'web.survey.line', 1],
    ['degrees of elsewhere', '51.5 -0.12', 'web.survey.line', 1],
  ])('is refused with %s', (_, text, problem, line) => {
    const read = readSurvey(text, plane);
    expect(read).toMatchObject({ problem, params: { line } });
    if (!('problem' in read)) return;
    for (const lang of ['zh', 'en'] as const) {
      const said = table[read.problem][lang];
      const named = [...said.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
      expect(Object.keys(read.params ?? {})).toEqual(expect.arrayContaining(named));
      expect(named).toContain('line');
    }
  });

  it('may be a line where a line is asked for, of one string of points', () => {
    expect(
      rings(readSurvey(`${header()}\n${head('4', '0', '线')}\n${points({ closing: null })}`, plane, 'line')),
    ).toEqual([4]);
    expect(rings(readSurvey(points(), plane, 'line'))).toEqual([5]);
    expect(readSurvey(`${points()}\n${hole}`, plane, 'line')).toMatchObject({ problem: 'web.survey.rings' });
    expect(readSurvey(`${head('4', '', '点')}\n${points()}`, plane, 'line')).toMatchObject({
      problem: 'web.survey.figure.line',
    });
  });

  it('is read in zones of 6° where the park’s are', () => {
    const wide = planeOf(4509) as Plane; // 117°E, zone 20
    const text = `${header({ 几度分带: '6', 带号: '20' })}\n4125000,20413200\n4125150,20413200\n4125150,20413320`;
    expect(rings(readSurvey(text, wide))).toEqual([3]);
    expect(readSurvey(header(), wide)).toMatchObject({
      problem: 'web.survey.fact',
      params: { line: 6, expected: '6' },
    });
  });

  it('is GeoJSON in another system only where it says so, and is refused then', () => {
    const of = (crs: unknown): string =>
      JSON.stringify({
        type: 'Polygon',
        crs,
        coordinates: [
          [
            [122.03, 37.25],
            [122.04, 37.25],
            [122.04, 37.26],
            [122.03, 37.25],
          ],
        ],
      });
    expect(rings(readSurvey(of(undefined), plane))).toEqual([3]);
    expect(
      rings(readSurvey(of({ type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4490' } }), plane)),
    ).toEqual([3]);
    for (const crs of [
      { type: 'name', properties: { name: 'urn:ogc:def:crs:EPSG::4610' } },
      { type: 'EPSG', properties: { code: 4610 } },
      'EPSG:4214',
    ])
      expect(readSurvey(of(crs), plane)).toMatchObject({ problem: 'web.survey.crs' });
  });
});

import type { LonLat } from './feed';
import type { Key, Params } from './message';
import { toLonLat, type Plane } from './projection';
import words from './surveyformat.json';

/** Rings in lon, lat, each without its first point repeated; the first is the outline, the others holes. */
export type Rings = LonLat[][];

/** What a shape is read for: an area, with holes or without, or a line of points. */
export type Wanted = 'area' | 'line';

/** Why a text can't be read: a message with what goes into it. */
export class Unread extends Error {
  constructor(
    readonly problem: Key,
    readonly params: Params = {},
  ) {
    super(problem);
  }
}

/** A corner as it is written: what its line says, in metres of the plane or in degrees. */
interface Corner {
  line: number;
  name: string;
  ring: number;
  a: number;
  b: number;
  as: Notation;
}

/** How numbers are written: all points of a text alike. */
type Notation = 'metres' | 'zone' | 'latlon' | 'lonlat';

/** The line that begins a parcel in the exchange format. */
interface Head {
  line: number;
  count: string;
  area: string;
  figure: string;
}

/** The easting of a central meridian without the zone's number, metres. */
const FALSE_EASTING = 500_000;
const ZONE_STEP = 1_000_000;
/** How far from its meridian a zone's ground may lie, metres of easting: the half of 6° at the equator. */
const REACH = 340_000;
/** Northings of China: from the reefs in the south to the Amur. */
const [SOUTH, NORTH] = [350_000, 6_000_000];
/** By how much a stated area may differ from that of the corners: over it the house warns of legal areas too. */
const AREA_SLACK = 0.01;

/**
 * Reads corners as surveyors write them, a point a line. What contradicts itself or isn't understood is refused
 * with its line: nothing is guessed.
 *
 *  1. A line "[…]", "a=b" or "…@" makes a text one of the land survey's exchange format (属性描述, 地块坐标): one
 *     parcel; its system, zone, unit, number of points and area must fit the plane and the corners.
 *  2. A point is northing and easting in metres of `plane`, with the zone's number before the easting in all
 *     lines or in none; or degrees, in one order. Before them may stand its name, and between both the number
 *     of its ring.
 *  3. A ring ends where its first point comes again, under whatever number, or where the next ring begins. No
 *     ring goes on after that.
 */
export function readLines(text: string, plane: Plane | null, wanted: Wanted): Rings {
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const header = new Header(plane);
  const corners: Corner[] = [];
  let head: Head | null = null;
  lines.forEach((bare, i) => {
    const line = i + 1;
    if (bare === '') return;
    if (bare.includes('\uFFFD')) throw new Unread('web.survey.garbled', { line });
    if (bare.startsWith('[')) header.section(line, bare);
    else if (bare.includes('=')) header.fact(line, bare);
    else if (bare.endsWith('@')) {
      if (head) throw new Unread('web.survey.two', { line, first: head.line });
      if (corners.length > 0) throw new Unread('web.survey.before', { line });
      head = headOf(line, bare);
    } else corners.push(cornerOf(line, bare, plane));
  });
  alike(corners, header);
  const rings = ringsOf(corners, wanted);
  if (head) fits(head, corners, rings, wanted);
  return rings.map((ring) => ring.map((corner) => placeOf(corner, plane)));
}

/** What stands above the parcel. */
class Header {
  unit: string | null = null;
  private readonly seen = new Map<string, string>();
  private free = false;

  constructor(private readonly plane: Plane | null) {}

  section(line: number, text: string): void {
    const name = /^\[\s*(.*?)\s*\]$/.exec(text)?.[1] ?? '';
    if (!Object.values(words.sections).includes(name))
      throw new Unread('web.survey.section', { line, text: short(text) });
    this.free = name === words.sections.free;
  }

  fact(line: number, text: string): void {
    if (this.free) return;
    const at = text.indexOf('=');
    const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
    const before = this.seen.get(name);
    if (before !== undefined && before !== value) throw new Unread('web.survey.twice', { line, name });
    this.seen.set(name, value);
    const expected = this.refused(name, value);
    if (expected !== null) throw new Unread('web.survey.fact', { line, name, expected, got: short(value) });
  }

  /**
   * What a fact should be where it is otherwise; null where it is as it should, or says nothing of where the
   * land lies.
   */
  private refused(name: string, value: string): string | null {
    const { plane } = this;
    const bare = value.replace(/[\s()（）-]/g, '');
    const { facts, suffixes } = words;
    const without = (suffix: string): string =>
      bare.endsWith(suffix) ? bare.slice(0, -suffix.length) : bare;
    const oneOf = (all: readonly string[]): string | null =>
      bare === '' || all.some((each) => each.toLowerCase() === bare.toLowerCase()) ? null : (all[0] ?? '');
    switch (name) {
      case facts.system:
        return oneOf(words.systems);
      case facts.width: {
        const width = plane && plane.epsg < 4513 ? '6' : '3';
        return bare === '' || without(suffixes.width) === width ? null : width;
      }
      case facts.projection:
        return oneOf(words.projections);
      case facts.unit:
        this.unit = bare;
        return oneOf(words.units);
      case facts.zone: {
        const zone = plane ? String(zoneOf(plane)) : '';
        return bare === '' || without(suffixes.zone) === zone ? null : zone;
      }
      case facts.shift:
        return /^[0.,，]*$/.test(bare) ? null : ',,,,,,';
    }
    return words.silent.includes(name) ? null : [...Object.values(facts), ...words.silent].join(', ');
  }
}

const short = (text: string): string => text.slice(0, 40);

/** Number of corners, area, number, name, figure, sheet, use, …, @ */
function headOf(line: number, text: string): Head {
  const fields = text.split(/[,，]/).map((field) => field.trim());
  const [count = '', area = '', , , figure = ''] = fields;
  if (fields.length < 6 || fields.at(-1) !== '@' || !/^\d*$/.test(count))
    throw new Unread('web.survey.head', { line, text: short(text) });
  return { line, count, area, figure };
}

function cornerOf(line: number, text: string, plane: Plane | null): Corner {
  const unread = new Unread('web.survey.line', { line, text: short(text) });
  const columns = /[,，;；\t]/.test(text) ? text.split(/\s*[,，;；\t]\s*/) : text.split(/\s+/);
  if (columns.at(-1) === '') columns.pop();
  const [a = NaN, b = NaN] = columns.slice(-2).map((column) => (column === '' ? NaN : Number(column)));
  if (columns.length < 2 || columns.length > 4 || !Number.isFinite(a) || !Number.isFinite(b)) throw unread;
  const ring = columns.length === 4 ? columns[1] || '1' : '1';
  if (!/^[1-9]\d{0,3}$/.test(ring)) throw unread;
  const name = columns.length > 2 ? (columns[0] ?? '') : '';
  return { line, name, ring: Number(ring), a, b, as: notationOf(line, a, b, plane) };
}

function notationOf(line: number, a: number, b: number, plane: Plane | null): Notation {
  if (Math.abs(a) <= 180 && Math.abs(b) <= 180) {
    if (Math.min(a, b) < 0 || Math.min(a, b) > 60 || Math.max(a, b) < 70)
      throw new Unread('web.survey.line', { line, text: `${a}, ${b}` });
    return a < b ? 'latlon' : 'lonlat';
  }
  if (!plane) throw new Unread('web.survey.noplane', { line, text: `${a}, ${b}` });
  if (!isNorth(a) || !isEast(b)) {
    const swapped = isEast(a) && isNorth(b);
    throw new Unread(swapped ? 'web.survey.swapped' : 'web.survey.line', { line, text: `${a}, ${b}` });
  }
  const zone = Math.floor(b / ZONE_STEP);
  if (zone !== 0 && zone !== zoneOf(plane))
    throw new Unread('web.survey.zone', { line, expected: zoneOf(plane), got: zone });
  return zone === 0 ? 'metres' : 'zone';
}

const isNorth = (v: number): boolean => v >= SOUTH && v <= NORTH;

/**
 * Whether a number is an easting: within reach of a meridian, with the number of one of China's zones before it
 * or none.
 */
function isEast(v: number): boolean {
  const zone = Math.floor(v / ZONE_STEP);
  return (zone === 0 || (zone >= 13 && zone <= 45)) && Math.abs((v % ZONE_STEP) - FALSE_EASTING) <= REACH;
}

/** All points of a text are written alike, and as its header says. */
function alike(corners: readonly Corner[], header: Header): void {
  const [first] = corners;
  for (const { as, line } of corners)
    if (first && as !== first.as) throw new Unread('web.survey.mixed', { line, first: first.line });
  if (first && header.unit && first.as !== 'metres' && first.as !== 'zone')
    throw new Unread('web.survey.unit', { line: first.line, unit: header.unit });
}

/** Sorts corners into rings, in their order. */
function ringsOf(corners: readonly Corner[], wanted: Wanted): Corner[][] {
  const rings: Corner[][] = [];
  const numbers: number[] = [];
  let ring: Corner[] | null = null;
  for (const corner of corners) {
    const first: Corner | undefined = ring?.[0];
    if (wanted === 'area' && ring && first && ring.length > 2 && same(corner, first)) {
      ring = null;
      continue;
    }
    if (ring && first && corner.ring === first.ring) {
      const namesake = ring.find(
        (each) => corner.name !== '' && each.name === corner.name && !same(each, corner),
      );
      if (namesake)
        throw new Unread('web.survey.name', { line: corner.line, first: namesake.line, name: corner.name });
      ring.push(corner);
      continue;
    }
    if (numbers.includes(corner.ring))
      throw new Unread('web.survey.again', { line: corner.line, ring: corner.ring });
    numbers.push(corner.ring);
    rings.push((ring = [corner]));
  }
  const [outline = [], ...holes] = rings;
  const hole = holes[0]?.[0];
  if (wanted === 'line' && hole) throw new Unread('web.survey.rings', { line: hole.line });
  for (const each of holes) {
    const at = each[0];
    if (at && each.length < 3) throw new Unread('web.survey.ring', { line: at.line, ring: at.ring });
    if (at && !each.every((corner) => within(corner, outline) || beside(corner, outline)))
      throw new Unread('web.survey.outside', { line: at.line, ring: at.ring });
  }
  return rings;
}

/** Whether a corner lies inside a ring (a ray to the east crosses it an odd number of times). */
function within({ a, b }: Corner, ring: readonly Corner[]): boolean {
  return ring.reduce((inside, to, i) => {
    const from = ring[(i + ring.length - 1) % ring.length] ?? to;
    if (from.a > a === to.a > a) return inside;
    return b < from.b + ((a - from.a) / (to.a - from.a)) * (to.b - from.b) ? !inside : inside;
  }, false);
}

const same = (p: Corner, q: Corner): boolean => p.a === q.a && p.b === q.b;

/** Whether a corner lies on a ring's side, to the millimetre. */
function beside({ a, b, as }: Corner, ring: readonly Corner[]): boolean {
  const slack = as === 'metres' || as === 'zone' ? 1e-3 : 1e-8;
  return ring.some((to, i) => {
    const from = ring[(i + ring.length - 1) % ring.length] ?? to;
    const [da, db] = [to.a - from.a, to.b - from.b];
    const along = Math.min(
      1,
      Math.max(0, ((a - from.a) * da + (b - from.b) * db) / (da * da + db * db || 1)),
    );
    return Math.hypot(a - from.a - along * da, b - from.b - along * db) <= slack;
  });
}

/** Whether a parcel's first line says what its corners do. */
function fits(head: Head, corners: readonly Corner[], rings: readonly Corner[][], wanted: Wanted): void {
  const { line, figure } = head;
  const { area, line: string } = words.figures;
  if (!(wanted === 'area' ? ['', area] : ['', area, string]).includes(figure))
    throw new Unread(wanted === 'area' ? 'web.survey.figure' : 'web.survey.figure.line', {
      line,
      got: short(figure),
    });
  const distinct = rings.reduce((sum, ring) => sum + ring.length, 0);
  if (head.count !== '' && ![corners.length, distinct].includes(Number(head.count)))
    throw new Unread('web.survey.count', { line, expected: head.count, got: corners.length });
  if (wanted === 'line' || head.area === '' || corners[0]?.as === 'latlon' || corners[0]?.as === 'lonlat')
    return;
  // in hectares, where no unit is written
  const [, digits = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*(.*)$/.exec(head.area) ?? [];
  const each = unit === '' ? 10_000 : (words.areas as Record<string, number>)[unit];
  if (each === undefined || digits === '')
    throw new Unread('web.survey.area.unit', { line, got: short(head.area) });
  const stated = Number(digits) * each;
  const [outline = 0, ...holes] = rings.map(areaOf);
  const measured = outline - holes.reduce((sum, hole) => sum + hole, 0);
  const rounding = (each * 10 ** -(digits.split('.')[1]?.length ?? 0)) / 2;
  if (Math.abs(measured - stated) > AREA_SLACK * measured + rounding)
    throw new Unread('web.survey.area', {
      line,
      expected: Number((measured / each).toFixed(4)),
      got: digits,
      unit: unit || words.area,
    });
}

function areaOf(ring: readonly Corner[]): number {
  const [{ a: north, b: east } = { a: 0, b: 0 }] = ring;
  const twice = ring.reduce((sum, from, i) => {
    const to = ring[(i + 1) % ring.length] ?? from;
    return sum + (from.a - north) * (to.b - east) - (to.a - north) * (from.b - east);
  }, 0);
  return Math.abs(twice) / 2;
}

function placeOf({ a, b, as }: Corner, plane: Plane | null): LonLat {
  if (as === 'latlon') return [b, a];
  if (as === 'lonlat' || !plane) return [a, b];
  return toLonLat(plane, { north: a, east: (b % ZONE_STEP) - FALSE_EASTING + plane.falseEasting });
}

/** The number of a plane's zone: of 3° with their meridians at multiples of 3°, of 6° where the CRS is one of those. */
function zoneOf({ epsg, meridian }: Plane): number {
  return epsg >= 4513 ? meridian / 3 : (meridian + 3) / 6;
}

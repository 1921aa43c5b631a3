import { compareCodes } from './code';
import type { HeatAnswer, HeatFeature } from './api';
import { boxAround, boxOf } from './bbox';
import type { BBox, LonLat } from './feed';
import { labelPoint } from './labelpoint';
import type { Made, SiteRequirement, Weights } from './need';
import type { Wire } from './wire';

export type { HeatAnswer, HeatPark } from './api';
/** A hexagon of the surface, clipped to the ground: mean score of its ground and the best place in it. */
export type HeatCell = HeatFeature;

/** What a surface is asked for: a requirement, or a piece of the chain. */
export interface HeatQuestion {
  park: string;
  requirement?: SiteRequirement;
  chain_node?: string;
  at?: string;
  lots?: Made['lots'];
  assemblies?: Made['assemblies'];
  /** Weights of wishes, by measure, where the reader moved them. */
  weights?: Weights;
}

export type Over = 'park' | 'district';

/**
 * Asks for the surface over the question's park or all parks of a district, by a measure or, with "", by the
 * whole score.
 */
export function askHeat(
  wire: Wire,
  { park, requirement, chain_node, at, lots, assemblies, weights }: HeatQuestion,
  { over, district, by }: { over: Over; district: string | undefined; by: string },
  signal: AbortSignal,
): Promise<HeatAnswer> {
  const body = {
    ...(over === 'park' ? { park } : district && { district }),
    ...(requirement ? { requirement } : { chain_node }),
    ...(at && { at }),
    ...(lots && { lots }),
    ...(assemblies && { assemblies }),
    ...(by && { by }),
    ...(weights && Object.keys(weights).length > 0 && { weights }),
    outline: 'ground',
  };
  return wire.ask('/api/heat', { method: 'POST', body, signal });
}

/** A place that is the best of some cell; the id of a lot or neighbours together is that of a parcel of theirs. */
export interface BestPlace {
  key: string;
  id: string;
  code: string;
  park: string;
  score: number;
}

/** The best places of a surface, each once. */
export function bestPlaces(cells: readonly HeatCell[], most: number): BestPlace[] {
  const places = new Map(
    cells.map(({ properties: { best_id: id, best_key: key, best, park, top } }) => [
      key,
      { key, id, code: best, park, score: top },
    ]),
  );
  return [...places.values()]
    .sort((a, b) => b.score - a.score || compareCodes(a.code, b.code))
    .slice(0, most);
}

/** Where a score stands between the least and the most of a surface; 1 where they are the same. */
export function shareOf(score: number, { least, most }: Pick<HeatAnswer, 'least' | 'most'>): number {
  if (least === null || most === null || most <= least) return 1;
  return Math.min(1, Math.max(0, (score - least) / (most - least)));
}

export const boxOfCells = (cells: readonly HeatCell[]): BBox | null =>
  boxAround(
    cells.flatMap(({ geometry }) => {
      const box = boxOf(geometry);
      return box ? [box.slice(0, 2), box.slice(2)] : [];
    }),
  );

/** Where the name of the best place of a cell is pinned: inside the cell's ground. */
export function middleOf(cell: HeatCell): LonLat {
  let middle = middles.get(cell);
  if (!middle) {
    middle = (labelPoint(cell.geometry) ?? [0, 0]) as LonLat;
    middles.set(cell, middle);
  }
  return middle;
}
const middles = new WeakMap<HeatCell, LonLat>();

/** Of each of some places the cell that shows most of it: of those where it is the best, the highest, then fullest. */
export function cellsOf(cells: readonly HeatCell[], places: readonly BestPlace[]): HeatCell[] {
  return places.flatMap(({ key }) => {
    const own = cells.filter(({ properties }) => properties.best_key === key);
    const first = own.sort(
      ({ properties: a }, { properties: b }) => b.score - a.score || b.coverage - a.coverage,
    )[0];
    return first ? [first] : [];
  });
}

/** Cells with the highest score first; the order is always the same. */
export const byScore = (cells: readonly HeatCell[]): HeatCell[] =>
  [...cells].sort((a, b) => b.properties.score - a.properties.score || a.id - b.id);

export type Way = 'north' | 'south' | 'east' | 'west';

/** Degrees from east, counter-clockwise. */
const bearing: Record<Way, number> = { east: 0, north: 90, west: 180, south: -90 };

/**
 * The nearest cell some way from another: of those within 60° of that way the one that costs least to walk to, where
 * a step aside costs twice; null where there is none.
 */
export function cellBeside(cells: readonly HeatCell[], from: HeatCell, way: Way): HeatCell | null {
  const [lon, lat] = middleOf(from);
  const stretch = Math.cos((lat * Math.PI) / 180);
  const turn = (bearing[way] * Math.PI) / 180;
  let best: { cell: HeatCell; cost: number } | null = null;
  for (const cell of cells) {
    if (cell.id === from.id) continue;
    const at = middleOf(cell);
    const [x, y] = [(at[0] - lon) * stretch, at[1] - lat];
    const ahead = x * Math.cos(turn) + y * Math.sin(turn);
    const aside = Math.abs(y * Math.cos(turn) - x * Math.sin(turn));
    if (ahead <= 0 || aside > ahead * Math.sqrt(3)) continue;
    const cost = ahead + 2 * aside;
    if (!best || cost < best.cost) best = { cell, cost };
  }
  return best?.cell ?? null;
}

/** How much ground, in m², lies in each of so many equal steps from the least to the most score. */
export function groundByScore(
  answer: Pick<HeatAnswer, 'features' | 'least' | 'most' | 'edge_m'>,
  steps: number,
): number[] {
  const cellM2 = 1.5 * Math.sqrt(3) * answer.edge_m ** 2;
  const out = Array.from({ length: steps }, () => 0);
  for (const { properties } of answer.features) {
    const step = Math.min(steps - 1, Math.floor(shareOf(properties.score, answer) * steps));
    out[step] = (out[step] ?? 0) + properties.coverage * cellM2;
  }
  return out;
}

import { compareCodes } from './code';
import type { HeatAnswer, HeatFeature } from './api';
import { boxAround } from './bbox';
import type { BBox } from './feed';
import type { Made, SiteRequirement } from './need';
import type { Wire } from './wire';

export type { HeatAnswer, HeatPark } from './api';
/** A hexagon of the surface: mean score of its ground and the best place in it. */
export type HeatCell = HeatFeature;

/** What a surface is asked for: a requirement, or a piece of the chain. */
export interface HeatQuestion {
  park: string;
  requirement?: SiteRequirement;
  chain_node?: string;
  at?: string;
  lots?: Made['lots'];
  assemblies?: Made['assemblies'];
}

export type Over = 'park' | 'district';

/**
 * Asks for the surface over the question's park or all parks of a district, by a measure or, with "", by the
 * whole score.
 */
export function askHeat(
  wire: Wire,
  { park, requirement, chain_node, at, lots, assemblies }: HeatQuestion,
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

/** Kinds of coverage, from little of a cell to nearly all of it. */
export const coverageBands = [0, 1, 2] as const;
export type CoverageBand = (typeof coverageBands)[number];

export function coverageBand(coverage: number): CoverageBand {
  if (coverage < 1 / 3) return 0;
  return coverage < 2 / 3 ? 1 : 2;
}

/** Where a score stands between the least and the most of a surface; 1 where they are the same. */
export function shareOf(score: number, { least, most }: Pick<HeatAnswer, 'least' | 'most'>): number {
  if (least === null || most === null || most <= least) return 1;
  return Math.min(1, Math.max(0, (score - least) / (most - least)));
}

export const boxOfCells = (cells: readonly HeatCell[]): BBox | null =>
  boxAround(cells.flatMap(({ geometry }) => geometry.coordinates[0] ?? []));

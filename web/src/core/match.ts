import type { Polygon, LineString } from 'geojson';
import type { LonLat } from './feed';
import { plain } from './format';
import type { Lang } from './message';
import type { Criterion, SiteRequirement } from './need';
import type { Wire } from './wire';

/** A text in both languages. */
export type Both = Record<Lang, string>;

/** What POST /api/match is asked (docs/matching.md). */
export interface Question {
  park: string;
  requirement: SiteRequirement;
  method: 'weighted_sum';
  top: number;
  draws: number;
  seed: number;
  moves: number;
  at?: string;
}

export interface Partner {
  id: string;
  code: string;
  name: Both;
  point: LonLat;
}

/** How a place does in one wish; no value where nobody knows. */
export interface Part {
  measure: string;
  value: number | null;
  unit: string;
  score: number;
  weight: number;
  text: Both;
  partner?: Partner;
}

export interface Move {
  kind: 'weight' | 'value' | 'limit';
  measure: string;
  text: Both;
}

export interface Site {
  rank: number;
  id: string;
  code: string;
  version: number;
  status: string;
  point: LonLat;
  score: number;
  parts: Part[];
  moves?: Move[];
  share?: number;
}

export interface Cause {
  measure: string;
  limit: string;
  count: number;
  alone: number;
  text: Both;
}

export interface Lacker {
  id: string;
  code: string;
  lacks: { measure: string; limit: string; text: Both; rule?: { source: string; edition: string } }[];
}

export interface MatchAnswer {
  park: string;
  seq: number;
  at: string | null;
  scope: 'public' | 'planner';
  method: 'weighted_sum' | 'topsis' | 'pareto';
  normalise: 'min_max' | 'vector';
  criteria: (Criterion & { name: Both; unit: string })[];
  places: number;
  ranked: number;
  sites: Site[];
  excluded: { count: number; causes: Cause[]; places: Lacker[] };
  misses: { id: string; code: string; score: number; move: Move }[];
  robustness?: { draws: number; finalists: number };
}

/** As many as the server gives: all are there to be ranked anew. */
const TOP = 500;
const DRAWS = 1000;
const MOVES = 20;

export function questionOf(park: string, requirement: SiteRequirement, at?: string): Question {
  return {
    park,
    requirement,
    method: 'weighted_sum',
    top: TOP,
    draws: DRAWS,
    seed: 7,
    moves: MOVES,
    ...(at && { at }),
  };
}

export const askMatch = (wire: Wire, question: Question, signal: AbortSignal): Promise<MatchAnswer> =>
  wire.ask('/api/match', { method: 'POST', body: question, signal });

export type Weights = Readonly<Record<string, number>>;

/** The weights that an answer ranked by, by measure; limits alone have none. */
export function weightsOf({ criteria }: Pick<MatchAnswer, 'criteria'>): Record<string, number> {
  return Object.fromEntries(
    criteria.flatMap(({ measure, want, weight }) => (want && weight ? [[measure, weight]] : [])),
  );
}

/** Σ weight × part's score ÷ Σ weight, 0 where nothing weighs. */
export function scoreOf(parts: readonly Pick<Part, 'measure' | 'score'>[], weights: Weights): number {
  const weighed = parts.map(({ measure, score }) => ({ weight: weights[measure] ?? 0, score }));
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0);
  return total > 0 ? weighed.reduce((sum, { weight, score }) => sum + weight * score, 0) / total : 0;
}

/** Scores closer than this are equal: the server's order stands. */
const GRAIN = 1e12;

/** The same sites by other weights, best first. The parts' scores don't depend on weights, so nothing need be asked. */
export function rerank(sites: readonly Site[], weights: Weights): Site[] {
  const score = new Map(sites.map((site) => [site.id, scoreOf(site.parts, weights)]));
  const grain = ({ id }: Site): number => Math.round((score.get(id) ?? 0) * GRAIN);
  return [...sites]
    .sort((a, b) => grain(b) - grain(a) || a.rank - b.rank)
    .map((site, i) => ({ ...site, rank: i + 1, score: score.get(site.id) ?? 0 }));
}

/** The measures that any site has a value of, in the answer's order: of the others nothing can be won by weighing. */
export function telling({ criteria, sites }: Pick<MatchAnswer, 'criteria' | 'sites'>): string[] {
  const known = new Set(
    sites.flatMap(({ parts }) => parts.filter(({ value }) => value !== null).map(({ measure }) => measure)),
  );
  return criteria.map(({ measure }) => measure).filter((measure) => known.has(measure));
}

/** A value with as many places as its size asks for. */
export function figure(lang: Lang, value: number): string {
  const size = Math.abs(value);
  return plain(lang, Number(value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : 2)));
}

/** A piece of the district's chain. */
export interface ChainNode {
  code: string;
  name: Both;
  stage: number;
}

export async function readChain(wire: Wire, park: string, signal: AbortSignal): Promise<ChainNode[]> {
  return (await wire.ask<{ nodes: ChainNode[] }>(`/api/parks/${encodeURIComponent(park)}/chain`, { signal }))
    .nodes;
}

/** A lot that could be cut from a parcel; `cut` is the line of a split that makes it. */
export interface LotOffer {
  area_mu: number;
  frontage_m: number;
  road: string;
  depth_m: number;
  width_m: number;
  score: number;
  geometry: Polygon;
  cut: LineString | null;
}

export interface LotWish {
  park: string;
  parcel: string;
  area_mu: number;
  frontage_m: number;
}

export async function askLots(wire: Wire, wish: LotWish, signal: AbortSignal): Promise<LotOffer[]> {
  return (await wire.ask<{ lots: LotOffer[] }>('/api/carve', { method: 'POST', body: wish, signal })).lots;
}

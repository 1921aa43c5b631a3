import type { SavedMatch } from '../core/api';
import type { MatchAnswer, Question } from '../core/match';
import { floorKeys, floorLimits } from '../core/floor';
import {
  emptyNeed,
  joinUses,
  madeOf,
  placesOf,
  requirementOf,
  wishKeys,
  type Field,
  type SiteNeed,
  type Weights,
} from '../core/need';
import type { Wire } from '../core/wire';

/** A search that a member keeps: the question with the ranking of its day. */
export type SavedSearch = Omit<SavedMatch, 'question'> & { question: Question };
/** A site as it was ranked on that day; without a key where it was saved before there were lots and assemblies. */
export type Ranked = SavedMatch['ranking'][number];
/** A saved search beside what the same question finds now. */
export interface Replay {
  saved: SavedSearch;
  now: MatchAnswer;
}

const path = (id: string): string => `/api/matches/${encodeURIComponent(id)}`;

export const saveSearch = (wire: Wire, name: string, question: Question, key: string): Promise<SavedSearch> =>
  wire.ask('/api/matches', { method: 'POST', body: { name, question }, headers: { 'Idempotency-Key': key } });

export async function listSearches(wire: Wire): Promise<SavedSearch[]> {
  return (await wire.ask<{ matches: SavedSearch[] | null }>('/api/matches')).matches ?? [];
}

export const replaySearch = (wire: Wire, id: string, signal: AbortSignal): Promise<Replay> =>
  wire.ask(path(id), { signal });

export const forgetSearch = (wire: Wire, id: string): Promise<unknown> =>
  wire.ask(path(id), { method: 'DELETE' });

/** A site of that day or of today, with its rank in both; null where it is not among them. */
export interface Change {
  key: string;
  id: string;
  code: string;
  then: number | null;
  now: number | null;
  /**
   * Whether it came, went, or stands elsewhere among those that stayed: that others came or went before it
   * moves nobody.
   */
  changed: boolean;
}

/** Every site of both rankings: those of that day in their order, then those that came since. */
export function changesOf({ saved, now }: Replay): Change[] {
  const keyOf = ({ key, id }: Ranked): string => key ?? id;
  const today = new Map(now.sites.map(({ key, rank }) => [key, rank]));
  const before = new Set(saved.ranking.map(keyOf));
  const stayed = now.sites.map(({ key }) => key).filter((key) => before.has(key));
  const stood = new Map(
    saved.ranking
      .map(keyOf)
      .filter((key) => today.has(key))
      .map((key, i) => [key, i]),
  );
  const moved = new Set(stayed.filter((key, i) => stood.get(key) !== i));
  return [
    ...saved.ranking.map((site) => {
      const key = keyOf(site);
      const rank = today.get(key) ?? null;
      return {
        key,
        id: site.id,
        code: site.code,
        then: site.rank,
        now: rank,
        changed: rank === null || moved.has(key),
      };
    }),
    ...now.sites
      .filter(({ key }) => !before.has(key))
      .map(({ key, id, code, rank }) => ({ key, id, code, then: null, now: rank, changed: true })),
  ];
}

/** The weights of partners that a question names, by measure: the form can't say them, sliders can. */
export function partnersOf({ requirement: { partners } }: Question): Weights {
  return Object.fromEntries(
    (partners ?? []).flatMap(({ node, weight }) => (weight ? [[`partner_${node}_m`, weight]] : [])),
  );
}

/**
 * The need that a question states, but for the weights of partners; null where it asks for more than the form
 * can say, or ranks another way.
 */
export function needOf(question: Question): SiteNeed | null {
  const { lots, assemblies, place, floor } = question;
  const { partners, ...requirement } = question.requirement;
  const { land_use, services, hazard, chain_node, chain_share, no_reserve, hall } = requirement;
  const of = (measure: string) => requirement.criteria?.find((each) => each.measure === measure);
  const area = of('area_mu');
  const figures: Partial<Record<Field, number | string | undefined>> = {
    min: area?.min,
    max: area?.max,
    target: area?.target,
    area: area?.weight,
    share: chain_share,
    lots: lots?.frontage_m,
    join: assemblies?.most,
    front: of('frontage_m')?.min,
    hall_length: hall?.length_m,
    hall_width: hall?.width_m,
    ...services,
    ...Object.fromEntries(floorKeys.map((key) => [key, floor?.[floorLimits[key]]])),
    ...Object.fromEntries(wishKeys.map((measure) => [measure, of(measure)?.weight])),
  };
  const given = Object.entries(figures).filter(([, figure]) => figure !== undefined);
  const need = {
    ...emptyNeed,
    ...Object.fromEntries(given.map(([field, figure]) => [field, String(figure)])),
    use: joinUses(land_use ?? []),
    hazard: hazard ?? '',
    node: chain_node ?? '',
    released: no_reserve ? '1' : '',
    place: place ?? '',
  };
  const asked = { requirement, lots, assemblies, place, floor, method: question.method };
  const said = {
    requirement: requirementOf(need),
    ...madeOf(need),
    ...placesOf(need),
    method: 'weighted_sum',
  };
  const slidable = (partners ?? []).every(
    ({ weight, max_m, by_road }) => weight && max_m === undefined && !by_road,
  );
  const more = 'pairwise' in question || 'normalise' in question || !slidable || (partners && !need.node);
  return !more && JSON.stringify(bare(asked)) === JSON.stringify(bare(said)) ? need : null;
}

/** A value without what is absent, false, 0 or empty, its names in order: as servers may or may not write it. */
function bare(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(bare);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, each]) => Boolean(each));
  return Object.fromEntries(
    kept.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, each]) => [name, bare(each)]),
  );
}

import type {
  Bilingual,
  MatchAnswer,
  MatchAsk,
  MatchCause,
  MatchLacker,
  MatchMove,
  MatchPart,
  MatchSearch,
  MatchSite,
  MatchUnjudged,
} from './api';
import { plain } from './format';
import type { Lang } from './message';
import {
  madeOf,
  placesOf,
  requirementOf,
  type Made,
  type Places,
  type SiteNeed,
  type SiteRequirement,
  type Weights,
} from './need';
import type { Wire } from './wire';

export type { MatchAnswer } from './api';
/** A text in both languages. */
export type Both = Bilingual;
/** How a place does in one wish; no value where nobody knows. */
export type Part = MatchPart;
/** A limit of which nobody can say whether a place keeps it: to be asked of the park. */
export type Ask = MatchAsk;
export type Move = MatchMove;
/** A place of the ranking: a parcel, a lot to be cut, or free neighbours together. `key` alone tells places apart. */
export type Site = MatchSite;
export type GroundKind = Site['kind'];
export type Place = Pick<Site, 'id' | 'key' | 'kind' | 'code'>;
export type Cause = MatchCause;
export type Lacker = MatchLacker;
/** How far lots and assemblies were sought. */
export type Search = MatchSearch;

/** What POST /api/match is asked (docs/matching.md). */
export interface Question extends Made, Places {
  park: string;
  requirement: SiteRequirement;
  method: 'weighted_sum';
  top: number;
  draws: number;
  seed: number;
  moves: number;
  at?: string;
}

/** As many as the server gives: all are there to be ranked anew. */
const TOP = 500;
const DRAWS = 1000;
const MOVES = 20;

/** What is asked for a need without faults. */
export function questionOf(park: string, need: SiteNeed, at?: string): Question {
  return {
    park,
    requirement: requirementOf(need),
    ...madeOf(need),
    ...placesOf(need),
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

/** The same asked for its counts alone. */
export const countOf = (park: string, need: SiteNeed, at?: string): object => ({
  park,
  requirement: requirementOf(need),
  ...madeOf(need),
  ...placesOf(need),
  count_only: true,
  ...(at && { at }),
});

export const askCount = (wire: Wire, question: object, signal: AbortSignal): Promise<MatchAnswer> =>
  wire.ask('/api/match', { method: 'POST', body: question, signal });

/** The weights that an answer ranked by, by measure; limits alone have none. */
export function weightsOf({ criteria }: Pick<MatchAnswer, 'criteria'>): Record<string, number> {
  return Object.fromEntries(
    criteria.flatMap(({ measure, want, weight }) => (want && weight ? [[measure, weight]] : [])),
  );
}

/**
 * The least that a wish is asked to count: what counts for nothing would not be asked, and could not be weighed
 * again.
 */
const LEAST_WEIGHT = 1e-4;
const partner = /^partner_(\w+)_m$/;

/**
 * The same question by other weights, to four places; the partners of its chain node are then named, each with
 * its own.
 */
export function weighed(question: Question, weights: Weights): Question {
  const asked = (weight: number): number => Math.max(LEAST_WEIGHT, Number(weight.toFixed(4)));
  const { requirement } = question;
  const criteria = requirement.criteria.map((each) => {
    const weight = weights[each.measure];
    return each.want && weight !== undefined ? { ...each, weight: asked(weight) } : each;
  });
  const partners = Object.entries(weights).flatMap(([measure, weight]) => {
    const node = partner.exec(measure)?.[1];
    return node ? [{ node, weight: asked(weight) }] : [];
  });
  return {
    ...question,
    requirement: { ...requirement, ...(partners.length > 0 && { partners }), criteria },
  };
}

export type Unjudged = MatchUnjudged;
/** A score, what it rests on, its bounds, and what sites are ranked by: as the server has them (docs/matching.md). */
export type Judged = Pick<Site, 'score' | 'judged' | 'least' | 'most' | 'standing'>;

/** A site by other weights: over the wishes that are judged here; no score where none of them weighs. */
export function judge({ parts, unjudged }: Pick<Site, 'parts' | 'unjudged'>, weights: Weights): Judged {
  const weightOf = ({ measure }: { measure: string }): number => weights[measure] ?? 0;
  const total = [...parts, ...unjudged].reduce((sum, wish) => sum + weightOf(wish), 0);
  if (total <= 0) return { score: null, judged: 0, least: 0, most: 1, standing: 0 };
  const open = unjudged.reduce((sum, wish) => sum + weightOf(wish), 0) / total;
  const least = parts.reduce((sum, part) => sum + weightOf(part) * part.score, 0) / total;
  const most =
    parts.reduce((sum, part) => sum + weightOf(part) * (part.most ?? part.score), 0) / total + open;
  return {
    score: open < 1 ? least / (1 - open) : null,
    judged: 1 - open,
    least,
    most,
    standing: least - open,
  };
}

/** Whether a score may change once more is known. */
export const isOpen = ({ least, most }: Judged): boolean => most - least > TIE;

/** Scores that differ by no more are equal, as the server has it (docs/matching.md). */
const TIE = 1e-6;

const asks = ({ to_ask }: Site): boolean => (to_ask?.length ?? 0) > 0;

/**
 * The same sites by other weights: those that surely fit first, each the best first, equal ones in the server's
 * order with one rank. The parts' scores don't depend on weights, so nothing need be asked.
 */
export function rerank(sites: readonly Site[], weights: Weights): Site[] {
  const place = new Map(sites.map(({ key }, i) => [key, i]));
  const ranked = sites
    .map((site) => ({ ...site, ...judge(site, weights) }))
    .sort((a, b) => Number(asks(a)) - Number(asks(b)) || b.standing - a.standing);
  let first: Site | null = null;
  ranked.forEach((site, i) => {
    if (!first || asks(first) !== asks(site) || first.standing - site.standing > TIE)
      first = { ...site, rank: i + 1 };
    site.rank = first.rank;
  });
  return ranked.sort((a, b) => a.rank - b.rank || (place.get(a.key) ?? 0) - (place.get(b.key) ?? 0));
}

/**
 * What makes a site somebody's: a hold, or the release of reserve land first; null where its parcels are
 * neither, or the cut is not one line.
 */
export function stepFor({ kind, cut }: Site, statuses: readonly string[]): 'hold' | 'release' | null {
  if (statuses.length === 0 || (kind === 'lot' && !cut)) return null;
  if (statuses.every((status) => status === 'available')) return 'hold';
  return statuses.every((status) => status === 'reserve') ? 'release' : null;
}

/** The measures by which any site is judged, in the answer's order: of the others nothing can be won by weighing. */
export function telling({ criteria, sites }: Pick<MatchAnswer, 'criteria' | 'sites'>): string[] {
  const known = new Set(sites.flatMap(({ parts }) => parts.map(({ measure }) => measure)));
  return criteria.map(({ measure }) => measure).filter((measure) => known.has(measure));
}

/** A value with as many places as its size asks for. */
export function figure(lang: Lang, value: number): string {
  const size = Math.abs(value);
  return plain(lang, Number(value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : 2)));
}

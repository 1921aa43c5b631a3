import { serviceKeys, type Parcel, type ServiceKey, type Status } from './feed';
import { activeFilters, figureIds, figures, isMeasured } from './filters';
import type { FigureId, FilterId, Filters, Hazard } from './filters';
import { M2_PER_MU } from './format';
import type { Known, Measures } from './measures';
import { hazards } from './need';
import { priceOf } from './price';

/**
 * What filters make of a park's land. A parcel is in where every filter says yes, out where one says no, and unknown
 * where none says no and one can't say: what nobody knows is never a no.
 */
export interface Browsed {
  inside: Parcel[];
  unknown: Parcel[];
  /** How many parcels have each value, of those that all other filters leave. */
  counts: Counts;
  /** How many parcels would be shown without a filter, of those that are set. */
  lost: Map<FilterId, number>;
}

export interface Counts {
  status: Map<Status, number>;
  use: Map<string, number>;
  ready: Map<ServiceKey, number>;
  hazard: Map<Hazard, number>;
  /** Between what the known values of a figure lie, and of how many parcels they are. */
  figure: Map<FigureId, { least: number; most: number; known: number }>;
}

type Verdict = boolean | null;

/** A figure of a parcel in the unit of its filter. */
export function figureOf(id: FigureId, parcel: Parcel, measures: Measures | null, byRoad: boolean): Known {
  const { measure, per = 1 } = figures[id];
  if (measure) {
    const known = measures?.known(measure(byRoad), parcel.id) ?? null;
    return known && per !== 1 ? [known[0] / per, known[1] / per] : known;
  }
  const { properties } = parcel;
  const value = id === 'mu' ? properties.legal_m2 / M2_PER_MU : priceOf(properties);
  return value === null ? null : [value, value];
}

/** Legal areas carry four decimals, and so do links: what is typed as 60 mu holds land of 60 mu. */
const SLACK = 1e-4;

function within(known: Known, [least, most]: readonly [number | null, number | null]): Verdict {
  if (known === null) return null;
  const [low, high] = known;
  const from = (least ?? -Infinity) - SLACK;
  const to = (most ?? Infinity) + SLACK;
  if (low >= from && high <= to) return true;
  return high < from || low > to ? false : null;
}

const isReady = ({ properties }: Parcel, key: ServiceKey): Verdict =>
  properties.services?.[key]?.ready ?? null;

/** No where one says no, else unknown where one is. */
function all(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes(false)) return false;
  return verdicts.includes(null) ? null : true;
}

/** What one filter says of a parcel. */
function judge(id: FilterId, filters: Filters, measures: Measures | null): (parcel: Parcel) => Verdict {
  const { by, hazard, byRoad } = filters;
  switch (id) {
    case 'status':
      return ({ properties }) => filters.statuses.includes(properties.status);
    case 'use':
      return ({ properties }) => (properties.land_use ? filters.uses.includes(properties.land_use) : null);
    case 'ready':
      return (parcel) => all(filters.ready.map((key) => isReady(parcel, key)));
    case 'by':
      return ({ id: parcel }) => {
        const on = measures?.readyOn(parcel) ?? null;
        return on === null || by === null ? null : on <= by;
      };
    case 'hazard':
      return ({ id: parcel }) => (hazard && measures ? measures.allows(hazard, parcel) : null);
    default: {
      const range = filters.ranges[id] ?? [null, null];
      return (parcel) => within(figureOf(id, parcel, measures, byRoad), range);
    }
  }
}

/**
 * Sorts a park's land by the filters, and counts, in one walk. Until the land is measured the filters that need it are
 * left aside; `measures` is null then.
 */
export function browse(parcels: readonly Parcel[], filters: Filters, measures: Measures | null): Browsed {
  const active = activeFilters(filters).filter((id) => measures !== null || !isMeasured(id));
  const judges = active.map((id) => judge(id, filters, measures));
  const tally = new Tally(active, filters, measures);
  const inside: Parcel[] = [];
  const unknown: Parcel[] = [];
  for (const parcel of parcels) {
    const verdicts = judges.map((say) => say(parcel));
    const verdict = all(verdicts);
    if (verdict === true) inside.push(parcel);
    else if (verdict === null) unknown.push(parcel);
    tally.add(parcel, verdicts);
  }
  return { inside, unknown, counts: tally.counts, lost: tally.lost };
}

/** Counts values of parcels, each filter's among those that the others leave. */
class Tally {
  readonly counts: Counts = {
    status: new Map(),
    use: new Map(),
    ready: new Map(),
    hazard: new Map(),
    figure: new Map(),
  };
  readonly lost: Map<FilterId, number>;

  constructor(
    private readonly active: readonly FilterId[],
    private readonly filters: Filters,
    private readonly measures: Measures | null,
  ) {
    this.lost = new Map(active.map((id) => [id, 0]));
  }

  add(parcel: Parcel, verdicts: readonly Verdict[]): void {
    const no = verdicts.filter((each) => each === false).length;
    const open = verdicts.filter((each) => each === null).length;
    /** Whether every filter but one shows the parcel. */
    const left = (id: FilterId): boolean => {
      const own = verdicts[this.active.indexOf(id)];
      const others = no - (own === false ? 1 : 0);
      return others === 0 && (this.filters.unknown || open - (own === null ? 1 : 0) === 0);
    };
    if (no > 1) return;
    for (const id of this.active) if (left(id)) raise(this.lost, id);
    this.count(parcel, left);
    // each service more leaves fewer: counted is what would be left with it
    if (no > 0 || (open > 0 && !this.filters.unknown)) return;
    for (const key of serviceKeys) if (isReady(parcel, key)) raise(this.counts.ready, key);
  }

  private count(parcel: Parcel, left: (id: FilterId) => boolean): void {
    const { counts, measures } = this;
    const { status, land_use } = parcel.properties;
    if (left('status')) raise(counts.status, status);
    if (land_use && left('use')) raise(counts.use, land_use);
    if (measures && left('hazard'))
      for (const each of hazards) if (measures.allows(each, parcel.id)) raise(counts.hazard, each);
    for (const id of figureIds) if (left(id)) this.reach(id, parcel);
  }

  private reach(id: FigureId, parcel: Parcel): void {
    const known = figureOf(id, parcel, this.measures, this.filters.byRoad);
    if (!known || !Number.isFinite(known[0])) return;
    const of = this.counts.figure.get(id) ?? { least: Infinity, most: -Infinity, known: 0 };
    of.least = Math.min(of.least, known[0]);
    of.most = Math.max(of.most, known[1]);
    of.known++;
    this.counts.figure.set(id, of);
  }
}

function raise<K>(counts: Map<K, number>, key: K): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

/** The filter that costs most land, and how much there would be without it; null where no single one gives any. */
export function costliest(lost: Browsed['lost']): { id: FilterId; n: number } | null {
  const [most] = [...lost].sort(([, a], [, b]) => b - a);
  return most && most[1] > 0 ? { id: most[0], n: most[1] } : null;
}

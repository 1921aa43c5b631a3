import type { MatchLoosen } from './api';
import { needs, needKeys } from './requirement';
import { membersOf, reachKeys, reaches, type Field, type SiteNeed } from './need';

/** One limit that could give way, as the server tells it (docs/matching.md). */
export type Loosen = MatchLoosen;

/**
 * A need with one limit loosened as the server says, rounded outwards to what a person would type; null where the
 * limit is none of the form's.
 */
export function loosened(
  need: SiteNeed,
  { measure, limit, to }: Pick<Loosen, 'measure' | 'limit' | 'to'>,
): SiteNeed | null {
  const change = changeOf(need, measure, limit, to);
  return change && { ...need, ...change };
}

type Change = Partial<Record<Field, string>>;

const DAY_MS = 86_400_000;
/** A figure as it is typed, not stricter than it was: to a tenth, or to a hundredth below 10. */
function typed(to: number | null, limit: 'min' | 'max', unit = 1): string {
  if (to === null) return '';
  const steps = Math.abs(to / unit) < 10 ? 100 : 10;
  const rounded = (limit === 'min' ? Math.floor : Math.ceil)(
    (to / unit) * steps - (limit === 'min' ? -1e-9 : 1e-9),
  );
  return String(Math.max(0, rounded) / steps);
}

function changeOf(need: SiteNeed, measure: string, limit: 'min' | 'max', to: number | null): Change | null {
  if (measure === 'area_mu') return { [limit]: typed(to, limit) };
  if (measure === 'frontage_m') return { front: typed(to, limit) };
  if (measure === 'land_use') return { use: '' };
  if (measure === 'living_m') return { hazard: '' };
  if (measure === 'released') return { released: '' };
  if (measure === 'ready_days')
    return {
      ready: to === null ? '' : new Date(Date.now() + Math.ceil(to) * DAY_MS).toISOString().slice(0, 10),
    };
  if (measure === 'hall_m') return hallOf(need, to);
  const reach = reachKeys.find((key) => reaches[key] === measure);
  if (reach) return { [reach]: typed(to, limit, 1000) };
  const service = needKeys.find((key) => measure === `headroom_${key}`);
  if (service) return serviceOf(need, service, to);
  const node = /^partner_(\w+?)(_road)?_m$/.exec(measure)?.[1];
  if (!node) return null;
  if (to !== null) return { near_m: typed(to, limit) };
  const others = membersOf(need.near).filter((each) => each !== node);
  return { near: others.join('.'), ...(others.length === 0 && { near_m: '' }) };
}

/** The hall keeps its proportion. */
function hallOf(need: SiteNeed, to: number | null): Change {
  const [long, wide] = [Number(need.hall_length), Number(need.hall_width)];
  const most = Math.max(long, wide);
  const side = (metres: number): string => (to === null ? '' : typed((metres * to) / most, 'min'));
  return { hall_length: side(long), hall_width: side(wide) };
}

function serviceOf(need: SiteNeed, service: keyof typeof needs, to: number | null): Change {
  const open = membersOf(need.with).filter((each) => each !== service);
  return { [service]: to !== null && to > 0 ? typed(to, 'min') : '', with: open.join('.') };
}

import { floorKeys, floorLimits, places } from './floor';
import { emptyNeed, fields, formatNeed, hazards, joinUses, parseNeed, wishKeys, type SiteNeed } from './need';
import { needKeys } from './requirement';

type Json = Record<string, unknown>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'number' ? String(value) : '');

/**
 * The form's need for a requirement as a siting question or a project has it (docs/matching.md): `requirementOf`
 * backwards. What the form has no field for is left out; null where nothing is left.
 */
export function needOf(requirement: unknown): SiteNeed | null {
  if (!isObject(requirement)) return null;
  const { area_mu: area, services, hall, land_use: uses } = requirement;
  const need: SiteNeed = { ...emptyNeed };
  const range = isObject(area) ? area : { min: area, max: area };
  need.min = text(range.min);
  need.max = text(range.max);
  if (isObject(services)) for (const key of needKeys) need[key] = text(services[key]);
  if (Array.isArray(uses)) need.use = joinUses(uses.filter((use) => typeof use === 'string'));
  need.hazard = hazards.find((each) => each === requirement.hazard) ?? '';
  need.node = typeof requirement.chain_node === 'string' ? requirement.chain_node : '';
  need.share = text(requirement.chain_share);
  need.released = requirement.no_reserve === true ? '1' : '';
  if (isObject(hall)) [need.hall_length, need.hall_width] = [text(hall.length_m), text(hall.width_m)];
  const { floor } = requirement;
  need.place = places.find((each) => each === requirement.place) ?? '';
  if (isObject(floor)) for (const key of floorKeys) need[key] = floorText(floor[floorLimits[key]]);
  if (Array.isArray(requirement.criteria))
    requirement.criteria.filter(isObject).forEach((each) => add(need, each));
  if (!fields.some((field) => need[field] !== '')) return null;
  // a figure finer than the form takes, or a code that it doesn't know, is left out as a link's would be
  return parseNeed(formatNeed(need));
}

const floorText = (value: unknown): string => (typeof value === 'string' ? value : text(value));

function add(need: SiteNeed, { measure, min, max, target, weight }: Json): void {
  if (measure === 'area_mu') {
    if (min !== undefined) need.min = text(min);
    if (max !== undefined) need.max = text(max);
    need.target = text(target);
    need.area = need.target && text(weight);
    return;
  }
  if (measure === 'frontage_m') need.front = text(min);
  const wish = wishKeys.find((each) => each === measure);
  if (wish) need[wish] = text(weight);
}

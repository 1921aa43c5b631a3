import type { Building, BuildingFacts, Unit, UnitFacts } from '../core/api';

/** A form's fields as typed; "" where nothing is. */
export type Typed<F extends string> = Record<F, string>;

export const buildingFields = [
  'code',
  'name_zh',
  'name_en',
  'stage',
  'since',
  'ready_by',
  'storeys',
  'floor_m2',
  'source',
  'publication',
] as const;
export type BuildingField = (typeof buildingFields)[number];

export const unitFields = [
  'code',
  'floor',
  'area_m2',
  'clear_height_m',
  'load_t_m2',
  'crane_t',
  'power_kva',
  'rent_cny_m2_month',
  'free_from',
  'publication',
] as const;
export type UnitField = (typeof unitFields)[number];

const numeric = new Set<string>([
  'storeys',
  'floor_m2',
  'floor',
  'area_m2',
  'clear_height_m',
  'load_t_m2',
  'crane_t',
  'power_kva',
  'rent_cny_m2_month',
]);

/** What a form opens with: the thing as it is, or nothing. */
export const typedOf = <F extends string>(
  fields: readonly F[],
  thing: Partial<Record<F, unknown>> | null,
): Typed<F> => Object.fromEntries(fields.map((field) => [field, String(thing?.[field] ?? '')])) as Typed<F>;

/** What is sent: the fields that differ from the thing; those emptied are not known any more. */
export function changesOf<F extends string>(
  fields: readonly F[],
  thing: Partial<Record<F, unknown>> | null,
  typed: Typed<F>,
): { facts: Record<string, unknown>; unknown: F[] } {
  const was = typedOf(fields, thing);
  const facts: Record<string, unknown> = {};
  const unknown: F[] = [];
  for (const field of fields) {
    const text = String(typed[field] ?? '').trim();
    if (text === was[field]) continue;
    if (text === '') unknown.push(field);
    else facts[field] = numeric.has(field) ? Number(text) : text;
  }
  return { facts, unknown };
}

/** The body of a request for a building: what changed, and what is not known any more. */
export function bodyOf<F extends string>(
  fields: readonly F[],
  thing: Building | Unit | null,
  typed: Typed<F>,
): (BuildingFacts | UnitFacts) & { unknown?: F[] } {
  const { facts, unknown } = changesOf(fields, thing as Partial<Record<F, unknown>> | null, typed);
  // a building that becomes ready is expected no more: the server knows
  const left = facts.stage === 'ready' ? unknown.filter((field) => field !== 'ready_by') : unknown;
  if (facts.stage === 'ready') delete facts.ready_by;
  return { ...facts, ...(thing && left.length > 0 && { unknown: left }) };
}

import type { Geometry } from 'geojson';
import { isBlank, readCode } from '../core/code';
import { isShare, mostOf } from '../core/condition';
import { isDecimal, shift } from '../core/decimal';
import type { Faults } from '../core/fault';
import { conditionKeys, serviceKeys, type ConditionKey, type LonLat } from '../core/feed';
import type { Key } from '../core/message';
import { factsOf, type Collection, type Fact, type Thing } from './thing';

/**
 * A thing as its form has it: texts by field. Services and conditions have a field for each part
 * (`services.water.capacity`, `conditions.far.max`); `reason` says why, `geometry` where.
 */
export type ThingForm = Record<string, string>;

export const conditionParts = ['min', 'max', 'source', 'edition', 'effective_from'] as const;
export const serviceParts = ['ready', 'capacity', 'unit', 'stated_on'] as const;

type Json = Record<string, unknown>;
const object = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const text = (value: unknown): string => (value === null || value === undefined ? '' : String(value));

/** What stands in a new form where nothing is said. */
const atFirst: Record<string, string> = {
  publication: 'internal',
  bank_status: 'available',
  capacity_told: 'none',
  price_told: 'figure',
  services_told: 'band',
  headroom_told: 'band',
};

/** The facts that a form asks for: of a live thing not those that it was made with. */
export const asked = (collection: Collection, thing: Thing | null): Fact[] =>
  factsOf[collection].filter(({ once }) => !once || thing === null);

export function thingForm(collection: Collection, thing: Thing | null): ThingForm {
  const form: ThingForm = { reason: '', geometry: '' };
  for (const { name, as } of asked(collection, thing)) {
    const value = thing?.facts[name];
    if (as === 'services') Object.assign(form, servicesIn(object(value)));
    else if (as === 'conditions') Object.assign(form, conditionsIn(object(value)));
    else form[name] = thing ? text(value) : (atFirst[name] ?? '');
  }
  return form;
}

function servicesIn(services: Json): ThingForm {
  const form: ThingForm = {};
  for (const key of serviceKeys) {
    const { ready, capacity, unit, stated_on } = object(services[key]);
    form[`services.${key}.ready`] = text(ready);
    form[`services.${key}.capacity`] = text(capacity);
    form[`services.${key}.unit`] = text(unit);
    form[`services.${key}.stated_on`] = text(stated_on);
  }
  return form;
}

function conditionsIn(conditions: Json): ThingForm {
  const form: ThingForm = {};
  for (const key of conditionKeys) {
    const condition = object(conditions[key]);
    for (const part of conditionParts) {
      const value = text(condition[part]);
      form[`conditions.${key}.${part}`] = isBound(part) && isShare(key) ? shift(value, 2) : value;
    }
  }
  return form;
}

const isBound = (part: string): boolean => part === 'min' || part === 'max';

/** What is wrong with a form. `geometry` is what was read of its text: null where it can't be. */
export function thingFaults(
  collection: Collection,
  form: ThingForm,
  thing: Thing | null,
  geometry: Geometry | null,
): Faults<ThingForm> {
  const faults: Record<string, Key> = {};
  for (const { name, as, due } of asked(collection, thing)) {
    if (as === 'services') Object.assign(faults, serviceFaults(form));
    else if (as === 'conditions') Object.assign(faults, conditionFaults(form));
    else if (due && isBlank(form[name] ?? '')) faults[name] = 'web.register.fault.given';
    else if (name === 'code' && form.code !== undefined && 'fault' in readCode(form.code))
      faults.code = 'web.fact.fault.code';
    else if (isNumber(as) && form[name]?.trim() && !isDecimal(form[name], as.decimals))
      faults[name] = 'web.fact.fault.number';
  }
  if (form.capacity !== undefined && !form.capacity.trim() !== !form.unit?.trim())
    faults.unit = 'web.fact.fault.unit';
  if (geometry === null && (thing === null || form.geometry?.trim()))
    faults.geometry = 'web.fact.fault.geometry';
  if (isBlank(form.reason ?? '')) faults.reason = 'web.register.fault.given';
  else if (thing && onlyReason(form, thingForm(collection, thing))) faults.reason = 'web.fact.fault.nothing';
  return faults;
}

/** A record that changes nothing is none. */
const onlyReason = (form: ThingForm, was: ThingForm): boolean =>
  Object.keys(form).every((field) => field === 'reason' || form[field] === was[field]);

const isNumber = (as: Fact['as']): as is { decimals: number } => typeof as === 'object' && 'decimals' in as;

function serviceFaults(form: ThingForm): Record<string, Key> {
  const faults: Record<string, Key> = {};
  for (const key of serviceKeys) {
    const [ready, capacity, unit, day] = serviceParts.map(
      (part) => form[`services.${key}.${part}`]?.trim() ?? '',
    );
    if (capacity && !isDecimal(capacity, 4)) faults[`services.${key}.capacity`] = 'web.fact.fault.number';
    else if (!capacity !== !unit) faults[`services.${key}.unit`] = 'web.fact.fault.unit';
    else if ((capacity || day) && !ready) faults[`services.${key}.ready`] = 'web.register.fault.chosen';
  }
  return faults;
}

function conditionFaults(form: ThingForm): Record<string, Key> {
  const faults: Record<string, Key> = {};
  for (const key of conditionKeys) {
    const [min = '', max = ''] = ['min', 'max'].map((part) => form[`conditions.${key}.${part}`]?.trim());
    if (min && !isDecimal(min, 6)) faults[`conditions.${key}.min`] = 'web.fact.fault.number';
    if (max && !isDecimal(max, 6)) faults[`conditions.${key}.max`] = 'web.fact.fault.number';
    else if (min && max && Number(min) > Number(max))
      faults[`conditions.${key}.max`] = 'web.register.fault.range';
    for (const [part, typed] of [['min', min] as const, ['max', max] as const])
      if (typed && Number(typed) > mostOf(key) * (isShare(key) ? 100 : 1))
        faults[`conditions.${key}.${part}`] = isShare(key) ? 'web.fact.fault.share' : 'web.fact.fault.much';
  }
  return faults;
}

/** The facts to send: those changed; null clears one. Services and conditions go whole. */
export function thingFacts(
  collection: Collection,
  form: ThingForm,
  changed: readonly string[],
  thing: Thing | null,
): Json {
  const facts: Json = {};
  for (const { name, as } of asked(collection, thing)) {
    if (as === 'services' || as === 'conditions') {
      if (!changed.some((field) => field.startsWith(`${name}.`))) continue;
      facts[name] = as === 'services' ? servicesOf(form) : conditionsOf(form);
    } else if (thing === null ? form[name]?.trim() : changed.includes(name)) {
      const typed = form[name]?.trim() ?? '';
      facts[name] = typed === '' ? null : isNumber(as) ? Number(typed) : typed;
    }
  }
  return facts;
}

function servicesOf(form: ThingForm): Json {
  const services: Json = {};
  for (const key of serviceKeys) {
    const [ready, capacity, unit, day] = serviceParts.map(
      (part) => form[`services.${key}.${part}`]?.trim() ?? '',
    );
    if (ready)
      services[key] = {
        ready: ready === 'true',
        ...(capacity && { capacity: Number(capacity), unit }),
        ...(day && { stated_on: day }),
      };
  }
  return services;
}

/** Without a source, edition or day of its own a condition has that of its plan unit. */
function conditionsOf(form: ThingForm): Json {
  const conditions: Json = {};
  for (const key of conditionKeys) {
    const given = conditionParts.flatMap((part): [string, unknown][] => {
      const typed = form[`conditions.${key}.${part}`]?.trim() ?? '';
      return typed === '' ? [] : [[part, isBound(part) ? bound(key, typed) : typed]];
    });
    if (given.some(([part]) => isBound(part))) conditions[key] = Object.fromEntries(given);
  }
  return conditions;
}

const bound = (key: ConditionKey, typed: string): number => Number(isShare(key) ? shift(typed, -2) : typed);

/** What points make: an area where their rings close, else a place or a line; null: nothing yet. */
export function shapeOf(rings: readonly LonLat[][], closes: boolean): Geometry | null {
  const [first = []] = rings;
  if (!closes) {
    if (rings.length !== 1 || first.length === 0) return null;
    const [place] = first;
    return place && first.length === 1
      ? { type: 'Point', coordinates: place }
      : { type: 'LineString', coordinates: first };
  }
  if (rings.length === 0 || rings.some((ring) => ring.length < 3)) return null;
  return { type: 'Polygon', coordinates: rings.map((ring) => [...ring, ...ring.slice(0, 1)]) };
}

import { isDecimal } from './decimal';
import { floorKeys, floorLimits, places, type FloorField } from './floor';

/** What a project may need of the park's services, and in which unit. */
export const needs = {
  power: 'kVA',
  steam: 't/h',
  water: 'm³/d',
  sewage: 'm³/d',
  gas: 'm³/h',
  nitrogen: 'm³/h',
} as const;
export type Need = keyof typeof needs;
export const needKeys = Object.keys(needs) as Need[];

/** The parts of a requirement that the page knows, as text. */
export interface Requirement {
  area_min: string;
  area_max: string;
  services: Record<Need, string>;
  /** What is needed: '' ground, or floor space of workshops, or either. */
  place: '' | (typeof places)[number];
  /** What is asked of floor space. */
  floor: Record<FloorField, string>;
}

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === 'number' ? String(value) : '');
const floorText = (value: unknown): string => (typeof value === 'string' ? value : text(value));

/** Reads `{area_mu: {min, max} | number, services: {power: …}, place, floor: {min_m2: …}}`. */
export function readRequirement(from: Json): Requirement {
  const { area_mu: area, services, floor } = from;
  const range = isObject(area) ? area : { min: area, max: area };
  const stated = isObject(services) ? services : {};
  const space = isObject(floor) ? floor : {};
  return {
    area_min: text(range.min),
    area_max: text(range.max),
    services: Object.fromEntries(needKeys.map((key) => [key, text(stated[key])])) as Record<Need, string>,
    place: places.find((each) => each === from.place) ?? '',
    floor: Object.fromEntries(floorKeys.map((key) => [key, floorText(space[floorLimits[key]])])) as Record<
      FloorField,
      string
    >,
  };
}

/** The requirement with what was typed put in; keys that the page doesn't know stay as they are. */
export function writeRequirement(before: Json, typed: Requirement): Json {
  const seen = readRequirement(before);
  const { area_mu, services, place, floor, ...others } = before;
  const areaTyped = typed.area_min !== seen.area_min || typed.area_max !== seen.area_max;
  const needsTyped = needKeys.filter((key) => typed.services[key] !== seen.services[key]);
  const range = { min: numberOf(typed.area_min), max: numberOf(typed.area_max) };
  const limitsTyped = floorKeys.filter((key) => typed.floor[key] !== seen.floor[key]);
  const limits = Object.fromEntries(
    limitsTyped.map((key) => [floorLimits[key], limitOf(key, typed.floor[key])]),
  );
  const quantities = Object.fromEntries(needsTyped.map((key) => [key, numberOf(typed.services[key])]));
  return stated({
    ...others,
    area_mu: areaTyped ? part(area_mu, range) : area_mu,
    services: needsTyped.length > 0 ? part(services, quantities) : services,
    place: typed.place === seen.place ? place : typed.place || undefined,
    floor: limitsTyped.length > 0 ? part(floor, limits) : floor,
  });
}

/** An object with some of its keys changed; undefined when nothing is left in it. */
function part(before: unknown, change: Json): Json | undefined {
  const after = stated({ ...(isObject(before) && before), ...change });
  return Object.keys(after).length > 0 ? after : undefined;
}

const stated = (of: Json): Json =>
  Object.fromEntries(Object.entries(of).filter(([, each]) => each !== undefined));

const numberOf = (typed: string): number | undefined => (typed.trim() === '' ? undefined : Number(typed));

const limitOf = (key: FloorField, typed: string): string | number | undefined =>
  key === 'floor_by' ? typed || undefined : numberOf(typed);

/** What a siting question asks beside: the form of the search shows it (core/needof.ts). */
const asked = new Set(['criteria', 'partners', 'place', 'floor']);

/** Keys of a requirement that the page doesn't know, as they stand. */
export function otherNeeds(from: Json): [string, string][] {
  const services = isObject(from.services) ? from.services : {};
  const known = new Set<string>(needKeys);
  return [
    ...Object.entries(from).filter(([key]) => key !== 'area_mu' && key !== 'services' && !asked.has(key)),
    ...Object.entries(services).filter(([key]) => !known.has(key)),
  ].map(([key, value]) => [key, worded(value)]);
}

const worded = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((each) => typeof each === 'string')) return value.join(', ');
  return JSON.stringify(value);
};

/** Whether the least of an area is more than the most; both plain decimals. */
export const crossed = (least: string, most: string): boolean =>
  isDecimal(least, 4) && isDecimal(most, 4) && Number(least) > Number(most);

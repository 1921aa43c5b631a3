import type { Criterion, FloorWish, Requirement } from './api';
import { floorKeys, floorLimits, places } from './floor';
import { needKeys } from './requirement';

/** What may be wished beside the area and the chain, and which way is better. */
export const wishes = {
  price_cny_per_m2: 'cost',
  compactness: 'benefit',
  frontage_m: 'benefit',
  services_ready: 'benefit',
  port_road_m: 'cost',
  rail_road_m: 'cost',
  highway_road_m: 'cost',
  steam_m: 'cost',
  living_m: 'benefit',
} as const;
export type Wish = keyof typeof wishes;
export const wishKeys = Object.keys(wishes) as Wish[];

/** Fire-hazard classes of production, from explosive to harmless. */
export const hazards = ['A', 'B', 'C', 'D', 'E'] as const;

/** The most kilometres by road to each of these, and the measure that it limits. */
export const reaches = {
  port_km: 'port_road_m',
  rail_km: 'rail_road_m',
  highway_km: 'highway_road_m',
} as const satisfies Record<string, Wish>;
export type Reach = keyof typeof reaches;
export const reachKeys = Object.keys(reaches) as Reach[];

/**
 * The fields of the form that are about ground: limits on the area in mu and its wish's weight, what the ground must
 * be, the chain; the frontage of lots to be cut and how many sets of neighbours to put together; least frontage and a
 * hall in metres; services, those wanted in an amount that is open; kilometres by road; pieces of the chain that are
 * wanted near and within how many metres; the day by which the services are ready; wishes.
 */
export const groundFields = [
  'min',
  'max',
  'target',
  'area',
  'use',
  'hazard',
  'node',
  'share',
  'released',
  'lots',
  'join',
  'front',
  'hall_length',
  'hall_width',
  ...needKeys,
  'with',
  ...reachKeys,
  'near',
  'near_m',
  'ready',
  ...wishKeys,
] as const;
export type GroundField = (typeof groundFields)[number];

/** All fields: those about ground, which places are asked for, and those about floor space. */
export const fields = [...groundFields, 'place', ...floorKeys] as const;
export type Field = (typeof fields)[number];

/** What a project needs of its ground, as typed; "" where nothing is asked. */
export type SiteNeed = Record<Field, string>;

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DECIMAL = /^\d{1,9}(\.\d{1,4})?$/;
const patterns: Partial<Record<Field, RegExp>> = {
  use: /^\d{2,6}(\.\d{2,6})*$/,
  join: /^([1-9]|[1-4]\d|50)$/,
  hazard: /^[A-E]$/,
  node: /^[a-z][a-z\d_]{0,39}$/,
  released: /^1$/,
  with: new RegExp(`^(${needKeys.join('|')})(\\.(${needKeys.join('|')}))*$`),
  near: /^[a-z][a-z\d_]{0,39}(\.[a-z][a-z\d_]{0,39}){0,9}$/,
  ready: DAY,
  place: new RegExp(`^(${places.join('|')})$`),
  floor_by: DAY,
};
const reads = (field: Field, text: string): boolean =>
  (patterns[field] ?? DECIMAL).test(text) && (patterns[field] !== DAY || !isNaN(Date.parse(text)));

/**
 * What the two other kinds of ground are asked for with, where the reader names no figure: metres of frontage,
 * sets of neighbours.
 */
export const LOT_FRONTAGE_M = '60';
export const SETS_JOINED = '5';

/** The classes of land use that a need names. */
export const usesOf = ({ use }: Pick<SiteNeed, 'use'>): string[] => use.split('.').filter(Boolean);
export const joinUses = (uses: readonly string[]): string => [...uses].sort().join('.');

/** The members of a field that names several, as `with` and `near` do. */
export const membersOf = (text: string): string[] => text.split('.').filter(Boolean);
/** The same with one more, or without it. */
export function toggled(text: string, member: string): string {
  const now = membersOf(text);
  return (now.includes(member) ? now.filter((each) => each !== member) : [...now, member]).join('.');
}

export const emptyNeed = Object.fromEntries(fields.map((field) => [field, ''])) as SiteNeed;

/** What the form opens with: industrial land of a usual size, not dear. */
export const startNeed: SiteNeed = {
  ...emptyNeed,
  min: '10',
  target: '25',
  area: '1',
  use: '1001',
  price_cny_per_m2: '1',
};

/** A maker of composite parts, who buys prepreg and wants it next door. */
export const exampleNeed: SiteNeed = {
  ...emptyNeed,
  min: '10',
  target: '25',
  area: '1',
  use: '1001',
  node: 'parts',
  share: '3',
};

/** What the steps open with: ground on which something is made. The size is the reader's to say. */
export const openNeed: SiteNeed = { ...emptyNeed, use: '1001', area: '1' };

/** Reads `min:10,use:1001,…` of a link. What it can't read it takes as absent; null where nothing is left. */
export function parseNeed(text: string | null): SiteNeed | null {
  const need = { ...emptyNeed };
  for (const part of text?.split(',') ?? []) {
    const [name = '', value = ''] = part.split(':');
    const field = fields.find((each) => each === name);
    if (field && reads(field, value)) need[field] = value;
  }
  return fields.some((field) => need[field] !== '') ? need : null;
}

/** What `parseNeed` reads back as the same need; "" for none. */
export function formatNeed(need: SiteNeed): string {
  return fields
    .filter((field) => reads(field, need[field].trim()))
    .map((field) => `${field}:${need[field].trim()}`)
    .join(',');
}

/** How much each measure counts. */
export type Weights = Readonly<Record<string, number>>;

/** Reads `area_mu:2,…` of a link; what it can't read it takes as absent. */
export function parseWeights(text: string | null): Weights {
  return Object.fromEntries(
    (text?.split(',') ?? []).flatMap((part) => {
      const [, measure, weight] = /^([a-z][a-z\d_]{0,63}):(\d{1,9}(?:\.\d{1,4})?)$/.exec(part) ?? [];
      return measure ? [[measure, Number(weight)] as const] : [];
    }),
  );
}

/** What `parseWeights` reads back as the same, to four places. */
export function formatWeights(weights: Weights): string {
  return Object.entries(weights)
    .map(([measure, weight]) => `${measure}:${Number(weight.toFixed(4))}`)
    .join(',');
}

/** Whether a need asks for ground, and whether for floor space; for both where it takes either. */
export const asksGround = ({ place }: Pick<SiteNeed, 'place'>): boolean => place !== 'floor_space';
export const asksFloor = ({ place }: Pick<SiteNeed, 'place'>): boolean => place !== '';

/** Fields that hold no number, a least above a most, a hall with one side, lots or neighbours without an area. */
export function faultsOf(need: SiteNeed): Field[] {
  const given = (field: Field): boolean => need[field].trim() !== '';
  const wrong = fields.filter((field) => given(field) && !reads(field, need[field].trim()));
  if (wrong.length > 0) return wrong;
  const over = (least: Field, most: Field): boolean =>
    given(least) && given(most) && Number(need[least]) > Number(need[most]);
  const sized = given('target') || given('min');
  return [
    ...(over('min', 'max') ? (['max'] as const) : []),
    ...(over('floor_m2', 'floor_most') ? (['floor_most'] as const) : []),
    ...(!sized && (given('lots') || given('join')) ? (['target'] as const) : []),
    ...(given('hall_length') && !given('hall_width') ? (['hall_width'] as const) : []),
    ...(given('hall_width') && !given('hall_length') ? (['hall_length'] as const) : []),
  ];
}

export type { Criterion } from './api';
/** A requirement as POST /api/match takes it; the page always states its criteria. */
export type SiteRequirement = Requirement & { criteria: Criterion[] };

/** Kinds of ground that are ranked beside parcels where they are asked for. */
export interface Made {
  lots?: { frontage_m: number };
  assemblies?: { most: number; reserve: boolean };
}

/** The requirement that a need without faults amounts to, asked at an instant (ms since 1970). */
export function requirementOf(need: SiteNeed, now: number = Date.now()): SiteRequirement {
  const number = numbersOf(need);
  const open = membersOf(need.with);
  const services = needKeys.flatMap((key) => {
    const amount = number(key);
    if (amount) return [[key, amount] as const];
    return open.includes(key) ? [[key, 0] as const] : [];
  });
  const share = number('share');
  const hazard = hazards.find((each) => each === need.hazard);
  const [long, wide] = [number('hall_length'), number('hall_width')];
  return {
    ...(need.use && { land_use: usesOf(need) }),
    ...(services.length > 0 && { services: Object.fromEntries(services) }),
    ...(hazard && { hazard }),
    ...(need.node && { chain_node: need.node, ...(share && { chain_share: share }) }),
    ...partnersOf(need, number),
    ...(need.released && { no_reserve: true }),
    ...(long && wide && { hall: { length_m: long, width_m: wide } }),
    criteria: [
      ...areaOf(number('min'), number('max'), number('target'), number('area')),
      ...wished(number),
      ...daysOf(need.ready, now),
    ],
  };
}

const DAY_MS = 86_400_000;

/** The services ready by a day: so many days from now at most, counted as the server does, in UTC. */
function daysOf(ready: string, now: number): Criterion[] {
  if (ready === '') return [];
  const days = Date.parse(ready) / DAY_MS - Math.floor(now / DAY_MS);
  return [{ measure: 'ready_days', max: Math.max(0, days) }];
}

/** Pieces of the chain that are wanted near: each counts as much as the whole chain does. */
function partnersOf({ near }: SiteNeed, number: Numbers): Pick<SiteRequirement, 'partners'> {
  const within = number('near_m');
  const partners = membersOf(near).map((node) => ({
    node,
    weight: number('share') || 1,
    ...(within !== undefined && { max_m: within }),
  }));
  return partners.length > 0 ? { partners } : {};
}

/**
 * The lots and neighbours that a need without faults asks for. Reserve land is put together too, unless it is
 * not wanted at all.
 */
export function madeOf(need: SiteNeed): Made {
  const number = numbersOf(need);
  const [frontage, most] = [number('lots'), number('join')];
  return {
    ...(frontage && { lots: { frontage_m: frontage } }),
    ...(most && { assemblies: { most, reserve: need.released === '' } }),
  };
}

/** Which places a question asks for beside ground, and what it asks of floor space. */
export interface Places {
  place?: (typeof places)[number];
  floor?: FloorWish;
}

/** The places that a need without faults asks for; nothing where that is ground alone. */
export function placesOf(need: SiteNeed): Places {
  const place = places.find((each) => each === need.place);
  if (!place) return {};
  const limits = floorKeys.flatMap((key) => {
    const text = need[key].trim();
    return text === '' ? [] : [[floorLimits[key], key === 'floor_by' ? text : Number(text)]];
  });
  return { place, ...(limits.length > 0 && { floor: Object.fromEntries(limits) as FloorWish }) };
}

type Numbers = (field: Field) => number | undefined;
const numbersOf =
  (need: SiteNeed): Numbers =>
  (field) =>
    need[field].trim() === '' ? undefined : Number(need[field]);

function areaOf(min?: number, max?: number, target?: number, weight?: number): Criterion[] {
  const limits = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  const wish = target !== undefined && weight ? { want: 'target' as const, target, weight } : {};
  const area = { measure: 'area_mu', ...limits, ...wish };
  return Object.keys(area).length > 1 ? [area] : [];
}

function wished(number: Numbers): Criterion[] {
  return wishKeys.flatMap((measure) => {
    const weight = number(measure);
    const min = measure === 'frontage_m' ? number('front') : undefined;
    const reach = reachKeys.find((key) => reaches[key] === measure);
    const km = reach && number(reach);
    const criterion = {
      measure,
      ...(min !== undefined && { min }),
      ...(km !== undefined && { max: km * 1000 }),
      ...(weight && { want: wishes[measure], weight }),
    };
    return Object.keys(criterion).length > 1 ? [criterion] : [];
  });
}

const named: Record<string, Field> = {
  land_use: 'use',
  hazard: 'hazard',
  chain_node: 'node',
  chain_share: 'share',
  no_reserve: 'released',
  hall: 'hall_length',
  'hall.length_m': 'hall_length',
  'hall.width_m': 'hall_width',
  lots: 'lots',
  'lots.frontage_m': 'lots',
  assemblies: 'join',
  'assemblies.most': 'join',
  'criteria.area_mu': 'target',
};

/** The field of the form that a refused field of the requirement comes from; null: the whole form. */
export function refusedField(path: string | undefined, { criteria }: SiteRequirement): Field | null {
  const bare = path?.replace(/^(body\.)?(requirement\.)?/, '') ?? '';
  if (bare.startsWith('partners')) return bare.endsWith('max_m') ? 'near_m' : 'near';
  const limit = /^floor\.(\w+)/.exec(bare)?.[1];
  if (limit) return floorKeys.find((key) => floorLimits[key] === limit) ?? null;
  const service = /^services\.(\w+)/.exec(bare)?.[1];
  if (service) return fields.find((field) => field === service) ?? null;
  const [, index, part] = /^criteria\[(\d+)\](?:\.(\w+))?/.exec(bare) ?? [];
  if (index === undefined) return named[bare] ?? null;
  const measure = criteria[Number(index)]?.measure;
  if (measure === 'frontage_m' && part === 'min') return 'front';
  if (measure === 'ready_days') return 'ready';
  if (part === 'max') {
    const reach = reachKeys.find((key) => reaches[key] === measure);
    if (reach) return reach;
  }
  if (measure !== 'area_mu') return fields.find((field) => field === measure) ?? null;
  return part === 'weight' ? 'area' : (fields.find((field) => field === part) ?? 'min');
}

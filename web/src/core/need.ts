import { needKeys, type Need as Service } from './requirement';

/** What may be wished beside the area and the chain, and which way is better. */
export const wishes = {
  price_cny_per_m2: 'cost',
  compactness: 'benefit',
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

/** The fields of the form: limits on the area in mu and its wish's weight, what the ground must be, the chain, services, wishes. */
export const fields = [
  'min',
  'max',
  'target',
  'area',
  'use',
  'hazard',
  'node',
  'share',
  'released',
  ...needKeys,
  ...wishKeys,
] as const;
export type Field = (typeof fields)[number];

/** What a project needs of its ground, as typed; "" where nothing is asked. */
export type SiteNeed = Record<Field, string>;

const DECIMAL = /^\d{1,9}(\.\d{1,4})?$/;
const patterns: Partial<Record<Field, RegExp>> = {
  use: /^\d{2,6}$/,
  hazard: /^[A-E]$/,
  node: /^[a-z][a-z\d_]{0,39}$/,
  released: /^1$/,
};
const reads = (field: Field, text: string): boolean => (patterns[field] ?? DECIMAL).test(text);

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

/** Fields that hold no number, or a least above a most. */
export function faultsOf(need: SiteNeed): Field[] {
  const wrong = fields.filter((field) => need[field].trim() !== '' && !reads(field, need[field].trim()));
  const crossed = need.min !== '' && need.max !== '' && Number(need.min) > Number(need.max);
  return crossed && wrong.length === 0 ? ['max'] : wrong;
}

export interface Criterion {
  measure: string;
  min?: number;
  max?: number;
  want?: 'benefit' | 'cost' | 'target' | 'range';
  target?: number;
  low?: number;
  high?: number;
  weight?: number;
}

/** A requirement as POST /api/match takes it. */
export interface SiteRequirement {
  land_use?: string[];
  services?: Partial<Record<Service, number>>;
  hazard?: string;
  chain_node?: string;
  chain_share?: number;
  no_reserve?: boolean;
  criteria: Criterion[];
}

/** The requirement that a need without faults amounts to. */
export function requirementOf(need: SiteNeed): SiteRequirement {
  const number = (field: Field): number | undefined =>
    need[field].trim() === '' ? undefined : Number(need[field]);
  const services = needKeys.flatMap((key) => {
    const amount = number(key);
    return amount ? [[key, amount] as const] : [];
  });
  const share = number('share');
  return {
    ...(need.use && { land_use: [need.use] }),
    ...(services.length > 0 && { services: Object.fromEntries(services) }),
    ...(need.hazard && { hazard: need.hazard }),
    ...(need.node && { chain_node: need.node, ...(share && { chain_share: share }) }),
    ...(need.released && { no_reserve: true }),
    criteria: [...areaOf(number('min'), number('max'), number('target'), number('area')), ...wished(number)],
  };
}

function areaOf(min?: number, max?: number, target?: number, weight?: number): Criterion[] {
  const limits = { ...(min !== undefined && { min }), ...(max !== undefined && { max }) };
  const wish = target !== undefined && weight ? { want: 'target' as const, target, weight } : {};
  const area = { measure: 'area_mu', ...limits, ...wish };
  return Object.keys(area).length > 1 ? [area] : [];
}

function wished(number: (field: Field) => number | undefined): Criterion[] {
  return wishKeys.flatMap((measure) => {
    const weight = number(measure);
    return weight ? [{ measure, want: wishes[measure], weight }] : [];
  });
}

const named: Record<string, Field> = {
  land_use: 'use',
  hazard: 'hazard',
  chain_node: 'node',
  chain_share: 'share',
  no_reserve: 'released',
};

/** The field of the form that a refused field of the requirement comes from; null: the whole form. */
export function refusedField(path: string | undefined, { criteria }: SiteRequirement): Field | null {
  const bare = path?.replace(/^(body\.)?(requirement\.)?/, '') ?? '';
  const service = /^services\.(\w+)/.exec(bare)?.[1];
  if (service) return fields.find((field) => field === service) ?? null;
  const [, index, part] = /^criteria\[(\d+)\](?:\.(\w+))?/.exec(bare) ?? [];
  if (index === undefined) return named[bare] ?? null;
  const measure = criteria[Number(index)]?.measure;
  if (measure !== 'area_mu') return fields.find((field) => field === measure) ?? null;
  return part === 'weight' ? 'area' : (fields.find((field) => field === part) ?? 'min');
}

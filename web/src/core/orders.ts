import type { Command as ApiCommand, Document, Terms } from './api';
import type { Parcel, ParcelProperties, Status } from './feed';

export type { Outcome, ParcelState, Shape, Terms } from './api';
/** A document that an order rests on. */
export type PaperRef = Document;

/** A parcel as planners see it (desk.geojson): a parcel's facts, with what a command must name. */
export interface DeskProperties extends ParcelProperties {
  version: number;
  allotment: string | null;
  allotment_version: number | null;
  project: string | null;
  publication: 'public' | 'internal';
}
export type DeskParcel = Omit<Parcel, 'properties'> & { properties: DeskProperties };

export function isDesk(parcel: Parcel | undefined): parcel is DeskParcel {
  return parcel !== undefined && typeof (parcel.properties as Partial<DeskProperties>).version === 'number';
}

/** What a planner can order, in the order it is offered. */
export const kinds = [
  'hold',
  'extend',
  'reserve',
  'supply',
  'build',
  'take_back',
  'release',
  'withdraw',
  'restore',
  'split',
  'merge',
  'move',
  'correct',
  'publish',
  'unpublish',
  'queue',
] as const;
export type OrderKind = (typeof kinds)[number];
export type CommandKind = OrderKind | 'revert' | 'leave';

/** Kinds that wait for a second person. */
const proposed = new Set<CommandKind>(['release', 'supply']);
export const needsApproval = (kind: CommandKind): boolean => proposed.has(kind);

export const supplyModes = [
  'tender',
  'auction',
  'listing',
  'agreement',
  'long_lease',
  'lease_then_grant',
  'flexible_term',
] as const satisfies Terms['supply_mode'][];
export type SupplyMode = Terms['supply_mode'];

/** What is asked for. */
export type Command = Omit<ApiCommand, 'kind'> & { kind: CommandKind };
/** A command with why it is given. */
export type Order = Command & { reason: string; documents: PaperRef[] };

const live = new Set<Status>(['held', 'reserved', 'supplied', 'built']);

/** Statuses from which a kind may go; the server and the database decide, this keeps the page from offering what can't be. */
const from: Partial<Record<OrderKind, readonly Status[]>> = {
  hold: ['available'],
  extend: ['held'],
  reserve: ['held'],
  supply: ['reserved'],
  build: ['supplied'],
  take_back: ['held', 'reserved', 'supplied', 'built'],
  release: ['reserve'],
  withdraw: ['available'],
  restore: ['withdrawn'],
};
/** Kinds that rest on a document: they are not taken without. */
const documented = new Set<CommandKind>(['correct']);
export const needsDocument = (kind: CommandKind): boolean => documented.has(kind);

/** Kinds that act on a right, whole: one may span several parcels. */
const onRights = new Set<OrderKind>(['extend', 'reserve', 'supply', 'build', 'take_back']);

/** The kinds that may be ordered for all the parcels picked. */
export function movesFor(picked: readonly DeskParcel[]): OrderKind[] {
  return picked.length === 0 ? [] : kinds.filter((kind) => allows(kind, picked));
}

function allows(kind: OrderKind, picked: readonly DeskParcel[]): boolean {
  const facts = picked.map(({ properties }) => properties);
  if (onRights.has(kind) && new Set(facts.map(({ allotment }) => allotment)).size > 1) return false;
  switch (kind) {
    case 'split':
    case 'correct':
      return picked.length === 1;
    case 'merge':
      return picked.length > 1 && alike(facts);
    case 'move':
      return picked.length === 2 && alike(facts);
    case 'queue':
      return picked.length === 1 && live.has(facts[0]?.status as Status);
    case 'publish':
      return facts.every(({ publication }) => publication === 'internal');
    case 'unpublish':
      return facts.every(({ publication }) => publication === 'public');
    default:
      return facts.every(({ status }) => from[kind]?.includes(status));
  }
}

/** Land of different rights or bank statuses is not joined. */
function alike(facts: readonly DeskProperties[]): boolean {
  return new Set(facts.map(({ allotment, bank_status }) => `${allotment} ${bank_status}`)).size === 1;
}

/** All parcels of the rights on those picked: what is done to a right is done to all its ground. */
export function withRights(picked: readonly DeskParcel[], all: readonly DeskParcel[]): DeskParcel[] {
  const rights = new Set(picked.map(({ properties }) => properties.allotment).filter(Boolean));
  const ids = new Set(picked.map(({ id }) => id));
  return all.filter(({ id, properties }) => ids.has(id) || rights.has(properties.allotment));
}

/** The command's address: which parcels or which right, at the versions that were seen. */
export function aim(kind: OrderKind, picked: readonly DeskParcel[]): Command {
  const first = picked[0]?.properties;
  if (onRights.has(kind) && first?.allotment)
    return { kind, allotment: { id: first.allotment, version: first.allotment_version ?? 0 } };
  return { kind, parcels: picked.map(({ id, properties }) => ({ id, version: properties.version })) };
}

export const isAllotted = (parcel: DeskParcel): boolean => live.has(parcel.properties.status);

/** Whole days from `now` to a deadline, rounded down; 0 on the last day, negative when it is past. */
export function daysLeft(deadline: string | null, now: number): number | null {
  if (!deadline) return null;
  const ms = Date.parse(deadline) - now;
  return Number.isFinite(ms) ? Math.floor(ms / 86_400_000) : null;
}

/** Codes that the server gives the parts of a split when none are named: the parent's with -1, -2, …. */
export function partCodes(parent: string, parts: number): string[] {
  return Array.from({ length: parts }, (_, i) => `${parent}-${i + 1}`);
}

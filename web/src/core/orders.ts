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

const live = new Set<Status>(['held', 'reserved', 'supplied', 'built']);

/** Which of the parcels picked a kind may be ordered for: by their statuses, or by more than these. */
type Allowed = readonly Status[] | ((picked: readonly DeskProperties[]) => boolean);

/** What the page knows of a kind of order; its fields are in order/kinds. */
interface Kind {
  /** The server and the database decide; this keeps the page from offering what can't be. */
  from: Allowed;
  /** It acts on a right, whole: one may span several parcels. */
  right?: true;
  /** It waits for a second person. */
  proposed?: true;
  /** It rests on a document and is not taken without. */
  documented?: true;
}

/** What a planner can order for parcels, in the order it is offered: one row a kind. */
const table = {
  hold: { from: ['available'] },
  extend: { from: ['held'], right: true },
  reserve: { from: ['held'], right: true },
  supply: { from: ['reserved'], right: true, proposed: true },
  build: { from: ['supplied'], right: true },
  take_back: { from: ['held', 'reserved', 'supplied', 'built'], right: true },
  release: { from: ['reserve'], proposed: true },
  withdraw: { from: ['available'] },
  restore: { from: ['withdrawn'] },
  split: { from: (picked) => picked.length === 1 },
  merge: { from: (picked) => picked.length > 1 && alike(picked) },
  move: { from: (picked) => picked.length === 2 && alike(picked) },
  correct: { from: (picked) => picked.length === 1, documented: true },
  publish: { from: (picked) => picked.every(({ publication }) => publication === 'internal') },
  unpublish: { from: (picked) => picked.every(({ publication }) => publication === 'public') },
  queue: { from: (picked) => picked.length === 1 && picked.every(({ status }) => live.has(status)) },
} as const satisfies Partial<Record<ApiCommand['kind'], Kind>>;

export type OrderKind = keyof typeof table;
export type CommandKind = OrderKind | 'revert' | 'leave';
export const kinds = Object.keys(table) as OrderKind[];

const rowOf = (kind: CommandKind): Kind | undefined => (table as Partial<Record<CommandKind, Kind>>)[kind];
export const needsApproval = (kind: CommandKind): boolean => rowOf(kind)?.proposed ?? false;
export const needsDocument = (kind: CommandKind): boolean => rowOf(kind)?.documented ?? false;
export const actsOnRight = (kind: CommandKind): boolean => rowOf(kind)?.right ?? false;

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

/** The kinds that may be ordered for all the parcels picked. */
export function movesFor(picked: readonly DeskParcel[]): OrderKind[] {
  return picked.length === 0 ? [] : kinds.filter((kind) => allows(kind, picked));
}

function allows(kind: OrderKind, picked: readonly DeskParcel[]): boolean {
  const { from, right }: Kind = table[kind];
  const facts = picked.map(({ properties }) => properties);
  if (right && new Set(facts.map(({ allotment }) => allotment)).size > 1) return false;
  return typeof from === 'function' ? from(facts) : facts.every(({ status }) => from.includes(status));
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
  if (actsOnRight(kind) && first?.allotment)
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

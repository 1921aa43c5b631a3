import { kindRows, type Command as ApiCommand, type Document, type Terms } from './api';
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

/** What the page reads of a kind's row. */
interface Kind {
  /** The members of a command that it takes; a right is acted on whole, and may span several parcels. */
  takes?: readonly string[];
  /** Land of these statuses allows it, where that is all that counts. */
  from?: readonly Status[];
  /** It waits for a second person. */
  two?: true;
  /** It rests on a document and is not taken without. */
  document?: true;
  /** It is not reversed but followed by another. */
  final?: true;
}
type Row = keyof typeof kindRows;
type ByStatus = { [K in Row]: (typeof kindRows)[K] extends { from: readonly Status[] } ? K : never }[Row];
type Rule = (picked: readonly DeskProperties[]) => boolean;

const rowOf = (kind: Row): Kind => kindRows[kind];

/**
 * Kinds that more than the status allows, in the order in which they are offered, after those that it allows. The
 * server and the database decide; the rules keep the page from offering what can't be.
 */
const rules = {
  split: (picked) => picked.length === 1,
  merge: (picked) => picked.length > 1 && alike(picked),
  move: (picked) => picked.length === 2 && alike(picked),
  correct: (picked) => picked.length === 1,
  publish: (picked) => picked.every(({ publication }) => publication === 'internal'),
  unpublish: (picked) => picked.every(({ publication }) => publication === 'public'),
  queue: (picked) => picked.length === 1 && picked.every(({ status }) => live.has(status)),
} as const satisfies Partial<Record<ApiCommand['kind'], Rule>>;

/** What a planner can order for parcels. */
export type OrderKind = ByStatus | keyof typeof rules;
export type CommandKind = OrderKind | 'revert' | 'leave';
export const kinds = [
  ...(Object.keys(kindRows) as Row[]).filter((kind) => rowOf(kind).from),
  ...Object.keys(rules),
] as OrderKind[];

export const needsApproval = (kind: CommandKind): boolean => rowOf(kind).two ?? false;
export const needsDocument = (kind: CommandKind): boolean => rowOf(kind).document ?? false;
export const actsOnRight = (kind: CommandKind): boolean => rowOf(kind).takes?.includes('allotment') ?? false;

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
  const facts = picked.map(({ properties }) => properties);
  if (actsOnRight(kind) && new Set(facts.map(({ allotment }) => allotment)).size > 1) return false;
  const { from } = rowOf(kind);
  return from ? facts.every(({ status }) => from.includes(status)) : rules[kind as keyof typeof rules](facts);
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

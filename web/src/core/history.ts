import {
  kindRows,
  type NamedProject,
  type ParcelHistory,
  type ProjectName,
  type Proposal,
  type Record,
} from './api';
import type { Wire } from './wire';

export type { Proposal, Touched } from './api';
/** A record of a park (docs/changes.md): who changed what, when and why. */
export type Entry = Record;
/** A parcel's records with its lineage both ways. */
export type Lineage = ParcelHistory;
/** A project, as it is named in a choice. */
export type Project = Pick<NamedProject, 'id' | 'name_zh' | 'name_en'>;

/** How many records a page of the history has. */
export const PAGE = 30;

const of = (park: string): string => `/api/parks/${encodeURIComponent(park)}`;

/** The park's records, newest first, before a seq. Rejects as Wire does. */
export async function readHistory(wire: Wire, park: string, before: number | null): Promise<Entry[]> {
  const query = new URLSearchParams({ limit: String(PAGE) });
  if (before !== null) query.set('before', String(before));
  return (await wire.ask<{ records: Entry[] }>(`${of(park)}/records?${query}`)).records;
}

export async function readLineage(wire: Wire, park: string, id: string): Promise<Lineage> {
  return wire.ask(`${of(park)}/parcels/${encodeURIComponent(id)}/history`);
}

export async function readProposals(wire: Wire, park: string): Promise<Proposal[]> {
  return (await wire.ask<{ proposals: Proposal[] }>(`${of(park)}/proposals?state=open`)).proposals;
}

/** Approves a proposal, or rejects it; one's own is withdrawn so. */
export function decide(
  wire: Wire,
  park: string,
  id: string,
  approve: boolean,
  reason: string,
  key: string,
): Promise<unknown> {
  const path = `${of(park)}/proposals/${encodeURIComponent(id)}/decision`;
  return wire.ask(path, {
    method: 'POST',
    body: { approve, reason },
    headers: { 'Idempotency-Key': key },
  });
}

/** Projects that words find by code, name or company; the first by code without words. */
export async function findProjectNames(
  wire: Wire,
  words: string,
  signal: AbortSignal,
): Promise<ProjectName[]> {
  const query = new URLSearchParams({ words: words.slice(0, 100) });
  return (await wire.ask<{ projects: ProjectName[] }>(`/api/project-names?${query}`, { signal })).projects;
}

export async function readProjectName(wire: Wire, id: string): Promise<Project> {
  return wire.ask(`/api/projects/${encodeURIComponent(id)}`);
}

/** Kinds that the page doesn't offer to reverse, though the server would: it has an order for what undoes them. */
const keptHere = new Set(['create', 'retire']);

/**
 * Whether a record of a kind can be reversed, as long as nothing touched the same land since: the server and
 * the preview say so then. Final kinds are followed by another record instead.
 */
export function canReverse(kind: string): boolean {
  const row: { final?: true } | undefined = (kindRows as { [kind: string]: object })[kind];
  return !row?.final && !keptHere.has(kind);
}

/** Whether an undo is to be offered; one may be undone, too. */
export function reversible({ kind, reverted_by }: Entry): boolean {
  return canReverse(kind) && reverted_by === null;
}

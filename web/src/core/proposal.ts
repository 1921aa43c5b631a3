import type { Decided, Proposal } from './api';
import type { DeskParcel, Outcome } from './orders';
import type { Status } from './status';
import type { Polygon } from 'geojson';
import type { Wire } from './wire';

/** What approving a proposal would do: nothing is kept. Rejects as Wire does, as the approval would be refused. */
export async function foresee(wire: Wire, park: string, id: string): Promise<Outcome | null> {
  const path = `/api/parks/${encodeURIComponent(park)}/proposals/${encodeURIComponent(id)}/decision?preview=true`;
  return (await wire.ask<Decided>(path, { method: 'POST', body: { approve: true } })).outcome ?? null;
}

/** What a parcel is on one side of a change. `retired`: it is no more. */
export interface Standing {
  status: Status | 'retired';
  legalM2: number;
}

/** A parcel that a proposal changes. Null: it was not there before, or what it will be is not known. */
export interface Step {
  id: string;
  code: string;
  before: Standing | null;
  after: Standing | null;
  geometry: Polygon;
}

/** Whether a proposal would change what has this id: a parcel by itself or by the right on it, or another thing. */
export function concerns({ command, object }: Proposal, id: string, allotment: string | null): boolean {
  const named = (command.parcels ?? []).some((parcel) => parcel.id === id);
  return named || object?.id === id || (allotment !== null && command.allotment?.id === allotment);
}

/** How many of the proposals wait for the word of one who may approve: one's own wait for somebody else's. */
export const waitingFor = (account: string | undefined, proposals: readonly Proposal[]): number =>
  proposals.filter(({ proposed_by }) => proposed_by.id !== account).length;

/** The parcels that a proposal changes, before and after, by what the server foresees; before alone without it. */
export function stepsOf(proposal: Proposal, parcels: readonly DeskParcel[], outcome: Outcome | null): Step[] {
  const mine = parcels.filter(({ id, properties }) => concerns(proposal, id, properties.allotment));
  const own = new Set(mine.map(({ id }) => id));
  const known = new Set(parcels.map(({ id }) => id));
  const after = new Map(
    [...(outcome?.parcels ?? []), ...(outcome?.retired ?? [])].map((each) => [each.id, each]),
  );
  const made = [...after.values()].filter(({ id }) => !known.has(id));
  return [
    ...mine.map(({ id, geometry, properties: { code, status, legal_m2 } }) => {
      const then = after.get(id);
      return {
        id,
        code,
        before: { status, legalM2: legal_m2 },
        after: then ? standing(then) : null,
        geometry: then?.geometry ?? geometry,
      };
    }),
    ...made
      .filter(({ id }) => !own.has(id))
      .map((then) => ({
        id: then.id,
        code: then.code,
        before: null,
        after: standing(then),
        geometry: then.geometry,
      })),
  ];
}

const standing = ({ status, legal_m2 }: Outcome['parcels'][number]): Standing => ({
  status,
  legalM2: Number(legal_m2),
});

/** The legal area that a proposal is about, in m², as it is now. */
export const areaOf = (steps: readonly Step[]): number =>
  steps.reduce((sum, { before }) => sum + (before?.legalM2 ?? 0), 0);

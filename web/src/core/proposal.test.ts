import { describe, expect, it } from 'vitest';
import type { Proposal } from './api';
import type { DeskParcel, Outcome } from './orders';
import { areaOf, concerns, stepsOf, waitingFor } from './proposal';

const parcel = (id: string, status: string, allotment: string | null = null): DeskParcel =>
  ({
    id,
    geometry: { type: 'Polygon', coordinates: [] },
    properties: { code: id.toUpperCase(), status, legal_m2: 1000.5, allotment },
  }) as unknown as DeskParcel;
const proposal = (command: object, by = 'li'): Proposal =>
  ({ kind: 'release', command, object: null, proposed_by: { id: by, name: by } }) as unknown as Proposal;
const after = (id: string, status: string): Outcome['parcels'][number] =>
  ({ id, code: id.toUpperCase(), status, legal_m2: '1000.5000', geometry: null }) as never;
const outcome = (parcels: object[], retired: object[] = []): Outcome => ({ parcels, retired }) as never;

describe('what a proposal is about', () => {
  const land = [parcel('a', 'reserve'), parcel('b', 'reserved', 'right'), parcel('c', 'reserved', 'right')];

  it('are the parcels that it names, and those of the right that it names', () => {
    const codes = (command: object) => stepsOf(proposal(command), land, null).map(({ code }) => code);
    expect(codes({ parcels: [{ id: 'a', version: 1 }] })).toEqual(['A']);
    expect(codes({ allotment: { id: 'right', version: 1 } })).toEqual(['B', 'C']);
    expect(codes({ parcels: [{ id: 'elsewhere', version: 1 }] })).toEqual([]);
  });

  it('is no parcel without a right where it names none', () => {
    expect(concerns(proposal({}), 'a', null)).toBe(false);
  });

  it('is told before and after, as the server foresees it', () => {
    const named = proposal({ parcels: [{ id: 'a', version: 1 }] });
    expect(stepsOf(named, land, outcome([after('a', 'available')]))[0]).toMatchObject({
      before: { status: 'reserve', legalM2: 1000.5 },
      after: { status: 'available', legalM2: 1000.5 },
    });
    expect(stepsOf(named, land, outcome([], [after('a', 'retired')]))[0]?.after?.status).toBe('retired');
    expect(stepsOf(named, land, null)[0]?.after).toBeNull();
  });

  it('has parcels that are made, and leaves out neighbours that only get a corner', () => {
    const steps = stepsOf(
      proposal({ parcels: [{ id: 'a', version: 1 }] }),
      land,
      outcome([after('a-1', 'available'), after('b', 'reserved')], [after('a', 'retired')]),
    );
    expect(steps.map(({ code, before }) => [code, before?.status])).toEqual([
      ['A', 'reserve'],
      ['A-1', undefined],
    ]);
    expect(areaOf(steps)).toBe(1000.5);
  });
});

describe('proposals that wait for somebody', () => {
  it('are others’ own', () => {
    expect(waitingFor('li', [proposal({}, 'li'), proposal({}, 'chen')])).toBe(1);
    expect(waitingFor('zhao', [proposal({}, 'li'), proposal({}, 'chen')])).toBe(2);
  });
});

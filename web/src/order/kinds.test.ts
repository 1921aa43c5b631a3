import { describe, expect, it } from 'vitest';
import { emptyDraft, type Draft } from '../core/draw';
import type { LonLat } from '../core/feed';
import { kinds, type CommandKind, type DeskParcel } from '../core/orders';
import { begin, beginKind, closes, commandOf, draws, type Of, type Setting } from './kinds';

const ring: LonLat[] = [
  [122, 37],
  [122.01, 37],
  [122.01, 37.01],
  [122, 37.01],
  [122, 37],
];
const parcel = (code: string, facts: object = {}): DeskParcel =>
  ({
    id: `id-${code}`,
    geometry: { type: 'Polygon', coordinates: [ring] },
    properties: { code, version: 7, status: 'available', allotment: null, expires_at: null, ...facts },
  }) as unknown as DeskParcel;
const line: Draft = { points: [ring[0] as LonLat, ring[2] as LonLat], finished: true };
const at = (kind: CommandKind, more: Partial<Setting> = {}): Setting => ({
  kind,
  parcels: [parcel('A')],
  plane: null,
  timeZone: 'UTC',
  today: '2026-05-01',
  line: emptyDraft,
  surveys: {
    write: (rings) => JSON.stringify(rings),
    read: (text) => (text === 'later' ? null : { rings: JSON.parse(text) as LonLat[][] }),
  },
  ...more,
});
const parcels = [{ id: 'id-A', version: 7 }];

describe('the draft of an order', () => {
  it.each([...kinds, 'revert', 'leave'] as const)(
    'opens for %s and says whether it asks for more',
    (kind) => {
      const setting = at(kind);
      const command = commandOf(beginKind(setting), setting);
      expect(command === null || command.kind === kind).toBe(true);
    },
  );

  it('of a hold is whole once a project is chosen', () => {
    const typed = begin('hold', at('hold'));
    expect(commandOf(typed, at('hold'))).toBeNull();
    expect(commandOf({ ...typed, project: 'p' }, at('hold'))).toEqual({
      kind: 'hold',
      parcels,
      project: 'p',
      until: '2026-05-31T23:59:59Z',
    });
  });

  it('of an extension begins at the deadline that it moves', () => {
    const held = parcel('A', { expires_at: '2026-06-10T23:59:59Z' });
    expect(begin('extend', at('extend', { parcels: [held] })).until).toBe('2026-07-10');
  });

  it.each<[string, Partial<Of<'split'>>, object | null]>([
    ['a line that is not finished', {}, null],
    ['an area', { by: 'area', areaMu: '12.5', side: 'right' }, { area_mu: 12.5, bearing: 0, side: 'right' }],
    ['no area', { by: 'area', areaMu: '0' }, null],
    ['equal parts', { by: 'parts', parts: 3 }, { parts: 3, bearing: 0 }],
  ])('of a split by %s', (_, change, shape) => {
    const typed = { ...begin('split', at('split')), ...change };
    expect(commandOf(typed, at('split'))).toEqual(shape && { kind: 'split', parcels, shape });
  });

  it('of a split of allotted land names who inherits', () => {
    const setting = at('split', { parcels: [parcel('A', { status: 'held' })], line });
    expect(commandOf(begin('split', setting), setting)?.shape).toEqual({ line: line.points, heir: 'A-1' });
  });

  it('of a lot holds it in the same step, or proposes its release', () => {
    const lot = { ...begin('lot', at('split')), line: ring };
    expect(commandOf(lot, at('split'))).toBeNull();
    expect(commandOf({ ...lot, project: 'p' }, at('split'))?.then).toMatchObject({
      kind: 'hold',
      lot: 'A-1',
    });
    expect(commandOf({ ...lot, step: 'release' }, at('split'))?.then).toEqual({
      kind: 'release',
      lot: 'A-1',
    });
  });

  it('is drawn where its kind is: a cut, a boundary, and a survey where it is chosen', () => {
    expect(draws(begin('split', at('split')))).toBe(true);
    expect(draws({ ...begin('split', at('split')), by: 'area' })).toBe(false);
    expect(draws(begin('move', at('move')))).toBe(true);
    const survey = begin('correct', at('correct'));
    expect([draws(survey), draws({ ...survey, redrawing: true }), closes(survey)]).toEqual([
      false,
      true,
      true,
    ]);
  });

  it('of a correction is refused with an area that is none', () => {
    const typed = begin('correct', at('correct'));
    expect(commandOf(typed, at('correct'))?.shape?.geometry?.type).toBe('Polygon');
    expect(commandOf({ ...typed, legalM2: 'x' }, at('correct'))).toBeNull();
    expect(commandOf({ ...typed, corners: 'later' }, at('correct'))).toBeNull();
  });
});

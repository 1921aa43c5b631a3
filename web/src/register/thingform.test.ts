import { describe, expect, it } from 'vitest';
import { changed } from '../core/draft';
import type { LonLat } from '../core/feed';
import type { Collection, Thing } from './thing';
import { shapeOf, thingFacts, thingFaults, thingForm } from './thingform';

const point = { type: 'Point' as const, coordinates: [122, 37] };

function thing(collection: Collection, facts: Record<string, unknown>): Thing {
  return {
    collection,
    park: 'p',
    id: 'i',
    code: 'C',
    version: 7,
    facts: { code: 'C', ...facts },
    geometry: point,
  };
}

const unit = thing('plan-units', {
  land_use: '100102',
  edition: '2024',
  effective_from: '2024-01-01',
  publication: 'public',
  conditions: {
    far: { min: 0.7, max: 1.8, source: 'plan', edition: '2024', effective_from: '2024-01-01' },
    building_coefficient: {
      min: 0.4,
      max: null,
      source: 'plan',
      edition: '2024',
      effective_from: '2024-01-01',
    },
  },
});
const node = thing('networks', {
  kind: 'steam',
  grade: 'node',
  capacity: 300,
  unit: 't/h',
  name_zh: null,
  name_en: null,
  width_m: null,
  headroom_told: 'word',
  publication: 'internal',
});

function sent(of: Thing, typed: Record<string, string>): Record<string, unknown> {
  const base = thingForm(of.collection, of);
  const form = { ...base, ...typed };
  return thingFacts(
    of.collection,
    form,
    changed<Record<string, string>>({ base, typed: form }) as string[],
    of,
  );
}
const faulty = (of: Thing, typed: Record<string, string>): string[] =>
  Object.keys(
    thingFaults(of.collection, { ...thingForm(of.collection, of), reason: 'r', ...typed }, of, null),
  );

describe('the form of a thing on the ground', () => {
  it('sends the facts that changed, and null for one that was emptied', () => {
    expect(sent(node, { reason: 'more' })).toEqual({});
    expect(sent(node, { capacity: '450.5' })).toEqual({ capacity: 450.5 });
    expect(sent(node, { capacity: '', unit: ' ' })).toEqual({ capacity: null, unit: null });
  });

  it('shows shares in percent and sends them as shares, with the other conditions as they were', () => {
    expect(thingForm('plan-units', unit)['conditions.building_coefficient.min']).toBe('40');
    expect(sent(unit, { 'conditions.building_coefficient.min': '35', 'conditions.far.max': '' })).toEqual({
      conditions: {
        far: { min: 0.7, source: 'plan', edition: '2024', effective_from: '2024-01-01' },
        building_coefficient: { min: 0.35, source: 'plan', edition: '2024', effective_from: '2024-01-01' },
      },
    });
  });

  it('drops a condition that has no bound left', () => {
    expect(sent(unit, { 'conditions.far.min': '', 'conditions.far.max': '' }).conditions).not.toHaveProperty(
      'far',
    );
  });

  it('sends services whole, and none that isn’t stated', () => {
    const parcel = thing('parcels', {
      services: { water: { ready: true, capacity: 400, unit: 'm3/d' }, road: { ready: true } },
    });
    expect(sent(parcel, { 'services.gas.ready': 'false', 'services.road.ready': '' })).toEqual({
      services: { water: { ready: true, capacity: 400, unit: 'm3/d' }, gas: { ready: false } },
    });
  });

  it('asks of something new what it is made with, and sends all that is typed', () => {
    const form = { ...thingForm('parcels', null), code: 'N-1', legal_m2: '9800.25' };
    expect(thingFacts('parcels', form, [], null)).toEqual({
      code: 'N-1',
      legal_m2: 9800.25,
      bank_status: 'available',
      publication: 'internal',
      price_told: 'figure',
      services_told: 'band',
    });
    expect(Object.keys(thingForm('parcels', thing('parcels', {})))).not.toContain('legal_m2');
  });

  it.each<[string, Thing, Record<string, string>, string[]]>([
    ['nothing changed', node, {}, ['reason']],
    ['no reason', node, { capacity: '5', reason: ' ' }, ['reason']],
    ['a capacity without a unit', node, { unit: '' }, ['unit']],
    ['a capacity in words', node, { capacity: 'much' }, ['capacity']],
    ['a due fact emptied', unit, { edition: '' }, ['edition']],
    ['bounds crossed', unit, { 'conditions.far.min': '2' }, ['conditions.far.max']],
    ['a shape that can’t be read', unit, { geometry: 'here' }, ['geometry']],
    ['nothing wrong', unit, { edition: '2025' }, []],
  ])('finds %s', (_, of, typed, fields) => expect(faulty(of, typed)).toEqual(fields));

  it('asks a service for its state and its unit', () => {
    const parcel = thing('parcels', { services: {} });
    expect(faulty(parcel, { 'services.water.capacity': '5', 'services.water.unit': 'm3/d' })).toEqual([
      'services.water.ready',
    ]);
    expect(faulty(parcel, { 'services.water.capacity': '5', 'services.water.ready': 'true' })).toEqual([
      'services.water.unit',
    ]);
    expect(faulty(parcel, { 'services.water.stated_on': '2026-01-02' })).toEqual(['services.water.ready']);
    expect(
      sent(parcel, { 'services.water.stated_on': '2026-01-02', 'services.water.ready': 'true', reason: 'r' }),
    ).toEqual({ services: { water: { ready: true, stated_on: '2026-01-02' } } });
  });
});

describe('what points make', () => {
  const a: LonLat = [0, 0];
  const b: LonLat = [1, 0];
  const c: LonLat = [1, 1];
  const three = [a, b, c];

  it('is a place, a line or a closed area', () => {
    expect(shapeOf([[a]], false)).toEqual({ type: 'Point', coordinates: a });
    expect(shapeOf([three], false)).toEqual({ type: 'LineString', coordinates: three });
    expect(shapeOf([three], true)).toEqual({ type: 'Polygon', coordinates: [[a, b, c, a]] });
  });

  it('is nothing of too few', () => {
    expect(shapeOf([], false)).toBeNull();
    expect(shapeOf([[a, b]], true)).toBeNull();
    expect(shapeOf([three, three], false)).toBeNull();
  });
});

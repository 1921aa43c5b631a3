import { describe, expect, it } from 'vitest';
import {
  emptyNeed,
  exampleNeed,
  faultsOf,
  formatNeed,
  parseNeed,
  placesOf,
  refusedField,
  requirementOf,
  startNeed,
} from './need';

describe('the need in a link', () => {
  it.each([
    startNeed,
    exampleNeed,
    {
      ...exampleNeed,
      use: '0802.1001',
      lots: '60',
      join: '5',
      front: '30',
      hall_length: '80',
      hall_width: '30',
    },
    { ...emptyNeed, power: '2000.5', hazard: 'C', released: '1', port_road_m: '2' },
    { ...emptyNeed, place: 'either', floor_m2: '2000', floor_load: '1.5', floor_by: '2027-01-31' },
  ])('reads back as the same', (need) => {
    expect(parseNeed(formatNeed(need))).toEqual(need);
  });

  it('is absent where nothing is asked or nothing can be read', () => {
    expect(formatNeed(emptyNeed)).toBe('');
    expect(
      [
        null,
        '',
        'x',
        'min',
        'min:',
        'min:-1',
        'min:1e3',
        'hazard:Z',
        'node:<b>',
        'join:51',
        'use:1001.',
        'place:ground',
        'floor_by:soon',
      ].map(parseNeed),
    ).toEqual(Array(13).fill(null));
  });

  it('keeps what it can read', () => {
    expect(parseNeed('min:abc,max:30,unknown:1')).toEqual({ ...emptyNeed, max: '30' });
  });
});

describe('the places of a need', () => {
  it('are ground alone where nothing is said, whatever is typed of floor space', () => {
    expect(placesOf({ ...emptyNeed, floor_m2: '2000' })).toEqual({});
  });

  it('have what is asked of floor space, as the server takes it', () => {
    expect(placesOf({ ...emptyNeed, place: 'floor_space' })).toEqual({ place: 'floor_space' });
    const need = {
      ...emptyNeed,
      place: 'either',
      floor_m2: '2000',
      floor_crane: '0',
      floor_by: '2027-01-31',
    };
    expect(placesOf(need)).toEqual({
      place: 'either',
      floor: { min_m2: 2000, min_crane_t: 0, ready_by: '2027-01-31' },
    });
  });
});

describe('the requirement', () => {
  it('of the example is what the documentation asks', () => {
    expect(requirementOf(exampleNeed)).toEqual({
      land_use: ['1001'],
      chain_node: 'parts',
      chain_share: 3,
      criteria: [{ measure: 'area_mu', min: 10, want: 'target', target: 25, weight: 1 }],
    });
  });

  it('leaves out what is not asked, and wishes that weigh nothing', () => {
    expect(
      requirementOf({ ...emptyNeed, price_cny_per_m2: '0', target: '25', area: '0', power: '0' }),
    ).toEqual({ criteria: [] });
    expect(requirementOf({ ...emptyNeed, max: '60', power: '20', released: '1', hazard: 'B' })).toEqual({
      services: { power: 20 },
      hazard: 'B',
      no_reserve: true,
      criteria: [{ measure: 'area_mu', max: 60 }],
    });
  });

  it('has a hall, a least frontage with or without a wish for more, and several classes', () => {
    const need = { ...emptyNeed, use: '0802.1001', front: '40', hall_length: '80', hall_width: '30' };
    expect(requirementOf(need)).toEqual({
      land_use: ['0802', '1001'],
      hall: { length_m: 80, width_m: 30 },
      criteria: [{ measure: 'frontage_m', min: 40 }],
    });
    expect(requirementOf({ ...emptyNeed, front: '40', frontage_m: '2' }).criteria).toEqual([
      { measure: 'frontage_m', min: 40, want: 'benefit', weight: 2 },
    ]);
  });

  it('names the fields that hold no number or cross', () => {
    expect(faultsOf(startNeed)).toEqual([]);
    expect(faultsOf({ ...emptyNeed, min: 'ten', steam: '-1' })).toEqual(['min', 'steam']);
    expect(faultsOf({ ...emptyNeed, min: '30', max: '4' })).toEqual(['max']);
    expect(faultsOf({ ...emptyNeed, hall_length: '80' })).toEqual(['hall_width']);
    expect(faultsOf({ ...emptyNeed, max: '80', lots: '60' })).toEqual(['target']);
    expect(faultsOf({ ...emptyNeed, min: '20', join: '60' })).toEqual(['join']);
    expect(faultsOf({ ...emptyNeed, floor_m2: '20', floor_most: '9' })).toEqual(['floor_most']);
    expect(faultsOf({ ...emptyNeed, floor_by: '2027-13-01' })).toEqual(['floor_by']);
  });
});

describe('a refused field', () => {
  const requirement = requirementOf({ ...startNeed, port_road_m: '2', front: '30' });
  it.each([
    ['chain_node', 'node'],
    ['requirement.hazard', 'hazard'],
    ['body.requirement.services.power', 'power'],
    ['criteria[0].min', 'min'],
    ['criteria[0].weight', 'area'],
    ['criteria[0]', 'min'],
    ['criteria[2].min', 'front'],
    ['criteria[3].weight', 'port_road_m'],
    ['criteria.area_mu', 'target'],
    ['body.lots.frontage_m', 'lots'],
    ['body.assemblies.most', 'join'],
    ['body.floor.min_clear_height_m', 'floor_height'],
    ['floor.ready_by', 'floor_by'],
    ['body.requirement.hall.width_m', 'hall_width'],
    ['criteria', null],
    ['park', null],
    [undefined, null],
  ])('%s is the form’s %s', (path, field) => {
    expect(refusedField(path, requirement)).toBe(field);
  });
});

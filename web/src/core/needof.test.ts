import { describe, expect, it } from 'vitest';
import { emptyNeed, exampleNeed, placesOf, requirementOf, startNeed, type SiteNeed } from './need';
import { needOf } from './needof';

const whole: SiteNeed = {
  ...emptyNeed,
  min: '60',
  max: '80.5',
  target: '65',
  area: '2',
  use: '1001.1101',
  hazard: 'C',
  node: 'parts',
  share: '3',
  released: '1',
  front: '100',
  hall_length: '120',
  hall_width: '48',
  power: '3000',
  steam: '4.5',
  price_cny_per_m2: '1',
  frontage_m: '2',
  port_road_m: '0.5',
};

describe('the need of a requirement', () => {
  it('is the one that the requirement was made of', () => {
    for (const need of [startNeed, exampleNeed, whole, { ...emptyNeed, front: '100' }])
      expect(needOf(requirementOf(need))).toEqual(need);
  });

  it('has the floor space that an enquiry states', () => {
    const need = {
      ...startNeed,
      place: 'either',
      floor_m2: '2000',
      floor_rent: '18.5',
      floor_by: '2027-01-31',
    };
    expect(needOf({ ...requirementOf(need), ...placesOf(need) })).toEqual(need);
  });

  it('reads what a project has', () => {
    expect(needOf({ area_mu: { min: 60 }, services: { power: 3000 }, places: ['TX-L04'] })).toEqual({
      ...emptyNeed,
      min: '60',
      power: '3000',
    });
    expect(needOf({ area_mu: 60 })).toEqual({ ...emptyNeed, min: '60', max: '60' });
  });

  it('leaves out what the form has no field for', () => {
    expect(
      needOf({ area_mu: 60.123456, hazard: 'Z', chain_node: 'NO!', criteria: [{ measure: 'x', min: 1 }] }),
    ).toBeNull();
    for (const nothing of [null, undefined, {}, [], 'x', { services: [] }])
      expect(needOf(nothing)).toBeNull();
  });
});

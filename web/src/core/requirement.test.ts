import { describe, expect, it } from 'vitest';
import { crossed, otherNeeds, readRequirement, writeRequirement } from './requirement';

const before = {
  area_mu: { min: 40, max: 60, frontage_m: 100 },
  services: { power: 2500, oxygen: 3 },
  hazard: '乙',
};

describe('a requirement', () => {
  it('is read, a single area as both ends', () => {
    expect(readRequirement(before)).toMatchObject({ area_min: '40', area_max: '60' });
    expect(readRequirement(before).services).toMatchObject({ power: '2500', steam: '' });
    expect(readRequirement({ area_mu: 60 })).toMatchObject({ area_min: '60', area_max: '60' });
    expect(readRequirement({ area_mu: 'much', services: [1] }).services.power).toBe('');
  });

  it('keeps what the page doesn’t know', () => {
    const typed = readRequirement(before);
    typed.area_max = '';
    typed.services.steam = '12.5';
    typed.services.power = '';
    expect(writeRequirement(before, typed)).toEqual({
      area_mu: { min: 40, frontage_m: 100 },
      services: { oxygen: 3, steam: 12.5 },
      hazard: '乙',
    });
  });

  it('leaves alone what was not typed', () => {
    expect(writeRequirement({ area_mu: 60 }, readRequirement({ area_mu: 60 }))).toEqual({ area_mu: 60 });
  });

  it('asks for ground, for floor space or for either, and what of floor space', () => {
    const of = { place: 'either', floor: { min_m2: 800, ready_by: '2027-01-31' } };
    const typed = readRequirement(of);
    expect(typed.place).toBe('either');
    expect(typed.floor).toMatchObject({ floor_m2: '800', floor_most: '', floor_by: '2027-01-31' });
    typed.floor.floor_crane = '10';
    typed.floor.floor_by = '';
    expect(writeRequirement(of, typed)).toEqual({ place: 'either', floor: { min_m2: 800, min_crane_t: 10 } });
    expect(writeRequirement(of, { ...typed, place: '' })).not.toHaveProperty('place');
  });

  it('drops what is emptied', () => {
    const only = { services: { power: 5 } };
    const typed = readRequirement(only);
    typed.services.power = '';
    expect(writeRequirement(only, typed)).toEqual({});
  });

  it('names the keys it doesn’t know', () => {
    expect(otherNeeds(before)).toEqual([
      ['hazard', '乙'],
      ['oxygen', '3'],
    ]);
    expect(otherNeeds({ criteria: [], places: ['TX-L04', 'TX-R01/1'], hall: { length_m: 9 } })).toEqual([
      ['places', 'TX-L04, TX-R01/1'],
      ['hall', '{"length_m":9}'],
    ]);
  });

  it('sees a range whose ends are crossed', () => {
    expect(crossed('40', '60')).toBe(false);
    expect(crossed('100', '60')).toBe(true);
    expect(crossed('', '60')).toBe(false);
  });
});

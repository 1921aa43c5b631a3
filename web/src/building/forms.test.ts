import { describe, expect, it } from 'vitest';
import type { Unit } from '../core/api';
import { bodyOf, buildingFields, typedOf, unitFields } from './forms';
import { craneOf, figureOf, freeOf } from './saying';
import { queryOf } from './workshops.svelte';

const unit = {
  id: 'u',
  code: '101',
  floor: 1,
  area_m2: 1200,
  clear_height_m: 8.1,
  load_t_m2: null,
  crane_t: 0,
  power_kva: null,
  rent_cny_m2_month: 18,
  free_from: null,
  publication: 'public',
  state: 'free',
  free_on: '2026-05-01',
} as Unit;

describe('the forms of workshops', () => {
  it('send what changed, and what is not known any more', () => {
    const typed = { ...typedOf(unitFields, unit), area_m2: '1250', rent_cny_m2_month: '' };
    expect(bodyOf(unitFields, unit, typed)).toEqual({ area_m2: 1250, unknown: ['rent_cny_m2_month'] });
    expect(bodyOf(unitFields, unit, typedOf(unitFields, unit))).toEqual({});
  });

  it('send of a new one what is typed alone', () => {
    const typed = {
      ...typedOf(buildingFields, null),
      code: ' CF-03 ',
      stage: 'ready',
      ready_by: '2027-01-01',
    };
    expect(bodyOf(buildingFields, null, typed)).toEqual({ code: 'CF-03', stage: 'ready' });
  });

  it('ask of units what is a figure or a day', () => {
    const query = queryOf({ free_by: '2027-01-01', min_m2: '1000', min_clear_height_m: 'x' });
    expect(query.toString()).toBe('free_by=2027-01-01&min_m2=1000');
  });
});

describe('what is said of a unit', () => {
  it('tells what is not known from what is not there', () => {
    expect(craneOf('en', 0)).toBe('none');
    expect(craneOf('en', null)).toBe('not known');
    expect(figureOf('zh', null, 'kVA')).toBe('未知');
    expect(figureOf('en', 1200.5, 'm²')).toBe('1,200.5 m²');
  });

  it('says from when it is free, but of one that is free', () => {
    expect(freeOf('en', unit, '2026-05-02')).toBeNull();
    expect(freeOf('en', { ...unit, state: 'let' }, '2026-05-02')).toBe('free from 2026-05-01');
    expect(freeOf('en', { ...unit, state: 'let', free_on: null }, '2026-05-02')).toBe(
      'not known when it is free',
    );
  });
});

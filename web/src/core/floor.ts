import type { FloorWish } from './api';

/** What a need may ask for beside ground alone, which is what an empty place says. */
export const places = ['floor_space', 'either'] as const;

/** The fields about floor space of workshops, and the limit that each is in a question. */
export const floorLimits = {
  floor_m2: 'min_m2',
  floor_most: 'max_m2',
  floor_height: 'min_clear_height_m',
  floor_load: 'min_load_t_m2',
  floor_crane: 'min_crane_t',
  floor_power: 'min_power_kva',
  floor_rent: 'max_rent_cny_m2_month',
  floor_by: 'ready_by',
} as const satisfies Record<string, keyof FloorWish>;
export type FloorField = keyof typeof floorLimits;
export const floorKeys = Object.keys(floorLimits) as FloorField[];

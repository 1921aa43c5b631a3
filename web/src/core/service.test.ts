import { expect, test } from 'vitest';
import { drawOf, oldestDay, oldServices } from './service';

const water = { ready: true, capacity: 400, unit: 'm3/d' };

test('a service is said as a figure, as a band, or not', () => {
  expect(drawOf('en', water)).toBe('400 m³/d');
  expect(drawOf('en', { ...water, capacity: null, min: 200, max: 500 })).toBe('200–500 m³/d');
  expect(drawOf('en', { ready: true, capacity: null, unit: null })).toBeNull();
});

test('a parcel is as old as the oldest of its services', () => {
  const services = {
    water: { ...water, stated_on: '2025-03-01' },
    gas: { ...water, stated_on: '2026-02-01' },
  };
  expect(oldestDay(services)).toBe('2025-03-01');
  expect(oldestDay({ water })).toBeNull();
  const parcels = [
    { properties: { code: 'A', services } },
    { properties: { code: 'B', services: { water } } },
    { properties: { code: 'C', services: null } },
  ];
  expect(oldServices(parcels, 12, new Date('2026-03-02'))).toEqual(['A']);
  expect(oldServices(parcels, 24, new Date('2026-03-02'))).toEqual([]);
});

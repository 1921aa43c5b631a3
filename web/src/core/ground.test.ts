import { describe, expect, it } from 'vitest';
import type { Condition, PlanUnitFeature } from './feed';
import { inUnit, reckonLand } from './ground';

describe('a size in another unit', () => {
  it.each([
    ['60', 'mu', 'ha', '4'],
    ['4', 'ha', 'mu', '60'],
    ['10', 'acre', 'mu', '60.7028'],
    ['', 'mu', 'ha', ''],
    ['many', 'mu', 'ha', 'many'],
  ] as const)('%s %s in %s is %s', (text, from, to, other) => {
    expect(inUnit(text, from, to)).toBe(other);
  });
});

const unit = (code: string, land_use: string, bounds: Partial<Condition> | null): PlanUnitFeature =>
  ({
    properties: {
      code,
      land_use,
      edition: '2025',
      conditions: bounds && {
        building_coefficient: {
          min: null,
          max: null,
          source: `plan of ${code}`,
          edition: null,
          effective_from: null,
          ...bounds,
        },
      },
    },
  }) as unknown as PlanUnitFeature;

describe('the land of a hall', () => {
  const plan = [
    unit('A', '100102', { min: 0.4, max: 0.65 }),
    unit('B', '1001', { min: 0.35 }),
    unit('C', '0802', { min: 0.2 }),
    unit('D', '1001', null),
  ];

  it('is its footprint by the coefficients of the units that suit, with what they rest on', () => {
    const land = reckonLand(120, 50, plan, ['1001']);
    expect(land).toMatchObject({ hallM2: 6000, low: 0.35, high: 0.65, units: ['A', 'B'] });
    expect(land?.leastMu).toBeCloseTo((6000 / 0.65) * (15 / 10_000), 9);
    expect(land?.mostMu).toBeCloseTo((6000 / 0.35) * (15 / 10_000), 9);
    expect(land?.sources).toEqual(['plan of A', 'plan of B']);
  });

  it('is not reckoned where no unit states a coefficient', () => {
    expect(reckonLand(120, 50, plan, ['1101'])).toBeNull();
    expect(reckonLand(120, 50, [], [])).toBeNull();
  });

  it('has one end alone where a coefficient has', () => {
    expect(reckonLand(10, 10, [unit('C', '0802', { min: 0.2 })], [])).toMatchObject({
      high: null,
      leastMu: null,
    });
  });
});

import { describe, expect, it } from 'vitest';
import { conditionText } from './condition';
import type { Condition } from './feed';
import { landUseName } from './landuse';

const range = (min: number | null, max: number | null): Condition => ({
  min,
  max,
  source: null,
  edition: null,
  effective_from: null,
});

describe('planning conditions', () => {
  it('tell a range, a least, a most', () => {
    expect(conditionText('zh', 'far', range(0.7, 1.8))).toBe('0.7 – 1.8');
    expect(conditionText('zh', 'invest_per_mu', range(250, null))).toBe('≥ 250 万元/亩');
    expect(conditionText('en', 'invest_per_mu', range(250, null))).toBe('≥ 2,500,000 CNY/mu');
    expect(conditionText('en', 'height_m', range(null, 24))).toBe('≤ 24 m');
    expect(conditionText('en', 'green_ratio', range(0, 0.2))).toBe('0 % – 20 %');
  });

  it('say nothing where no bound is set', () => {
    expect(conditionText('zh', 'far', range(null, null))).toBeNull();
  });
});

describe('land-use classes', () => {
  it('have a name in both languages', () => {
    expect(landUseName('zh', '100102')).toBe('二类工业用地');
    expect(landUseName('en', '100102')).toBe('Industrial, class 2');
  });

  it('fall back to the class above, and to nothing', () => {
    expect(landUseName('zh', '080204')).toBe('科研用地');
    expect(landUseName('zh', '99')).toBeNull();
    expect(landUseName('zh', 'M2')).toBeNull();
  });
});

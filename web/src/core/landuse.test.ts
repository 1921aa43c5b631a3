import { describe, expect, it } from 'vitest';
import { landUseName, useText } from './landuse';

describe('land uses', () => {
  it('are named by the nearest class above where they have no name of their own', () => {
    expect(landUseName('zh', '100102')).toBe('二类工业用地');
    expect(landUseName('zh', '1702')).toBe('陆地水域');
    expect(landUseName('zh', '99')).toBeNull();
  });

  it('are written with their code', () => {
    expect(useText('en', '1701')).toBe('River 1701');
    expect(useText('en', '99')).toBe('99');
    expect(useText('zh', null)).toBeNull();
  });
});

import { describe, expect, it } from 'vitest';
import { metresPerPixel, scaleBar } from './scale';

describe('the scale bar', () => {
  it('measures the equator at zoom 0 over 512 pixels', () => {
    expect(metresPerPixel(0, 0) * 512).toBeCloseTo(40_075_016.69, 1);
    expect(metresPerPixel(60, 3)).toBeCloseTo(metresPerPixel(0, 4), 9);
  });

  it('is round, fits, and is more than a third of the room', () => {
    for (let zoom = 1; zoom < 21; zoom += 0.31) {
      const { lengthM, px } = scaleBar(37.25, zoom, 110);
      expect(px).toBeLessThanOrEqual(110);
      expect(px).toBeGreaterThan(110 / 3);
      expect([1, 2, 5]).toContain(Number(lengthM.toExponential()[0]));
      expect(px * metresPerPixel(37.25, zoom)).toBeCloseTo(lengthM, 6);
    }
  });
});

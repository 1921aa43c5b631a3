import { describe, expect, it } from 'vitest';
import { affordable, lensOf, lensOn, pathOf, worldOf } from './camera';

const window = { width: 1440, height: 900, padding: { top: 84, bottom: 64, left: 376, right: 72 } };

describe('where the map draws', () => {
  it('a world is one wide and has the equator in its middle', () => {
    expect(worldOf([0, 0])).toEqual([0.5, 0.5]);
    expect(worldOf([180, 0])[0]).toBe(1);
    // the square of Web Mercator ends at this latitude (EPSG:3857)
    expect(worldOf([0, 85.0511287798066])[1]).toBeCloseTo(0, 12);
  });

  it('puts the centre of a view into the middle of the window', () => {
    const { scale, move } = lensOf({ zoom: 14, lon: 122, lat: 37.25 }, window);
    expect(scale).toBe(512 * 2 ** 14);
    const [x, y] = worldOf([122, 37.25]);
    expect(x * scale + move[0]).toBeCloseTo(720, 6);
    expect(y * scale + move[1]).toBeCloseTo(450, 6);
  });

  it('fits a box into what the panels leave free, touching two sides of it', () => {
    const { scale, move } = lensOn([122.0, 37.24, 122.05, 37.26], window, 15.9);
    const [left, top] = worldOf([122.0, 37.26]);
    const [right, bottom] = worldOf([122.05, 37.24]);
    expect(left * scale + move[0]).toBeCloseTo(376, 6);
    expect(right * scale + move[0]).toBeCloseTo(1440 - 72, 6);
    expect(((top + bottom) / 2) * scale + move[1]).toBeCloseTo((84 + 900 - 64) / 2, 6);
  });

  it('comes no closer than it is told', () => {
    expect(lensOn([122, 37.25, 122.00001, 37.25001], window, 15.9).scale).toBe(512 * 2 ** 15.9);
  });

  it('drops padding that would leave no map', () => {
    expect(affordable(window)).toBe(window.padding);
    expect(affordable({ ...window, width: 500 })).toEqual({ top: 20, bottom: 20, left: 20, right: 20 });
  });

  it('writes rings as paths', () => {
    const lens = { scale: 360, move: [-180, -180] as [number, number] };
    const ring = [
      [0, 0],
      [10, 0],
      [10.04, 0],
    ];
    expect(pathOf([ring, ring], lens)).toBe('M0.0 0.0L10.0 0.0L10.0 0.0ZM0.0 0.0L10.0 0.0L10.0 0.0Z');
  });
});

import { describe, expect, it } from 'vitest';
import { between, planeOf, toLonLat, toPlane } from './projection';

/** lon, lat → easting, northing as PROJ computes them (gdaltransform from EPSG:4490). */
const known: [epsg: number, lon: number, lat: number, east: number, north: number][] = [
  [4550, 122.03, 37.25, 413941.067467594, 4124696.93750323],
  [4550, 122.1153583, 37.5120328, 421786.907781279, 4153705.31703983],
  [4550, 121.6, 36.9, 375217.158532647, 4086328.75551237],
  [4529, 122.03, 37.25, 41413941.0674676, 4124696.93750323],
  [4508, 116.4, 39.9, 961920.687012828, 4432411.12746777],
  [4497, 116.4, 39.9, 19961920.6870128, 4432411.12746777],
];

describe('the Gauss–Krüger plane', () => {
  it.each(known)('EPSG:%i at %f, %f agrees with PROJ to a millimetre', (epsg, lon, lat, east, north) => {
    const plane = planeOf(epsg);
    if (!plane) throw new Error(`no plane for ${epsg}`);
    const at = toPlane(plane, lon, lat);
    expect(Math.abs(at.east - east)).toBeLessThan(1e-3);
    expect(Math.abs(at.north - north)).toBeLessThan(1e-3);
  });

  it('comes back to where it started within 1e-9 degrees', () => {
    const plane = planeOf('EPSG:4550');
    if (!plane) throw new Error('no plane');
    for (let lon = 121; lon <= 125; lon += 0.37)
      for (let lat = 18; lat <= 54; lat += 1.9) {
        const [backLon, backLat] = toLonLat(plane, toPlane(plane, lon, lat));
        expect(Math.abs(backLon - lon)).toBeLessThan(1e-9);
        expect(Math.abs(backLat - lat)).toBeLessThan(1e-9);
      }
  });

  it.each([null, '', 'EPSG:3857', 4490, 4555, 4490.5])('knows no plane for %s', (crs) => {
    expect(planeOf(crs)).toBeNull();
  });
});

describe('between two places', () => {
  it('goes straight in the plane, which is some millimetres beside the straight line of the degrees', () => {
    const plane = planeOf(4550);
    if (!plane) throw new Error('no plane');
    const [a, b] = [
      toLonLat(plane, { north: 4_124_000, east: 414_000 }),
      toLonLat(plane, { north: 4_124_000, east: 414_600 }),
    ];
    const middle = toPlane(plane, ...between(plane, a, b, 0.5));
    expect(middle.north).toBeCloseTo(4_124_000, 6);
    expect(middle.east).toBeCloseTo(414_300, 6);
    const beside = toPlane(plane, ...between(null, a, b, 0.5)).north - 4_124_000;
    expect(Math.abs(beside)).toBeGreaterThan(0.002);
    expect(Math.abs(beside)).toBeLessThan(0.02);
  });
});

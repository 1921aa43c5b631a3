import { expect, it } from 'vitest';
import { layerTilesOf } from './layertiles';

const park = { code: 'big park', computed_m2: 4e6 };

it('has tiles for each feed of a layer, for the public, for members and of a moment', () => {
  const tiled = new Map([
    ['zones', 10_000],
    ['networks', 2_500],
  ] as const);
  const open = layerTilesOf(park, {}, tiled);
  expect([...open.keys()]).toEqual(['zones', 'networks', 'network-nodes']);
  expect(open.get('zones')).toEqual({ address: '/tiles/zones/{z}/{x}/{y}?park=big+park', sideM: 20 });
  expect(open.get('networks')?.sideM).toBe(40);
  const desk = layerTilesOf(park, { desk: true, at: '2026-01-02T00:00:00Z' }, tiled);
  expect(desk.get('network-nodes')?.address).toBe(
    '/api/parks/big%20park/tiles/network-nodes/{z}/{x}/{y}?datetime=2026-01-02T00%3A00%3A00Z',
  );
  expect(layerTilesOf(park, { desk: true }, tiled).get('zones')?.address).toBe(
    '/api/parks/big%20park/tiles/zones/{z}/{x}/{y}',
  );
});

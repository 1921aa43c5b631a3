import { describe, expect, it } from 'vitest';
import { loosened } from './loosen';
import { emptyNeed, faultsOf, requirementOf, type SiteNeed } from './need';

/** Every limit that the form can state, as the server counts it: measure, which end, from and to. */
const NOW = Date.now();
const inDays = (days: number): string => new Date(NOW + days * 86_400_000).toISOString().slice(0, 10);
const full: SiteNeed = {
  ...emptyNeed,
  min: '54',
  max: '66',
  target: '60',
  area: '1',
  use: '1001',
  hazard: 'B',
  node: 'parts',
  share: '3',
  released: '1',
  front: '100',
  hall_length: '120',
  hall_width: '40',
  power: '3000',
  with: 'steam',
  port_km: '30',
  rail_km: '5',
  highway_km: '3',
  near: 'prepreg.moulds',
  near_m: '500',
  ready: inDays(30),
};

describe('a limit loosened', () => {
  it.each([
    ['area_mu', 'min', 49.876, { min: '49.8' }],
    ['area_mu', 'max', 70.01, { max: '70.1' }],
    ['frontage_m', 'min', 88.35, { front: '88.3' }],
    ['hall_m', 'min', 90.04, { hall_length: '90', hall_width: '30' }],
    ['headroom_power', 'min', 2500, { power: '2500' }],
    ['headroom_steam', 'min', -1, { with: '' }],
    ['port_road_m', 'max', 31234.5, { port_km: '31.3' }],
    ['rail_road_m', 'max', 5001, { rail_km: '5.01' }],
    ['highway_road_m', 'max', 3100, { highway_km: '3.1' }],
    ['partner_prepreg_m', 'max', 518.2, { near_m: '518.2' }],
    ['partner_prepreg_m', 'max', null, { near: 'moulds' }],
    ['land_use', 'min', null, { use: '' }],
    ['released', 'min', null, { released: '' }],
    ['ready_days', 'max', 45, { ready: inDays(45) }],
    ['ready_days', 'max', null, { ready: '' }],
  ] as const)('%s %s moves as far as it has to, and nothing else', (measure, limit, to, change) => {
    const after = loosened(full, { measure, limit, to });
    expect(after).toEqual({ ...full, ...change });
    expect(faultsOf(after ?? full)).toEqual([]);
  });

  it('is found for every limit that a need can state', () => {
    const { criteria, services, partners, ...rest } = requirementOf(full);
    const stated = [
      ...criteria.flatMap(({ measure, min, max }) => [
        ...(min === undefined ? [] : [[measure, 'min'] as const]),
        ...(max === undefined ? [] : [[measure, 'max'] as const]),
      ]),
      ...Object.keys(services ?? {}).map((service) => [`headroom_${service}`, 'min'] as const),
      ...(partners ?? []).map(({ node }) => [`partner_${node}_m`, 'max'] as const),
      ['land_use', 'min'] as const,
      ['living_m', 'min'] as const,
      ['hall_m', 'min'] as const,
      ['released', 'min'] as const,
    ];
    expect(Object.keys(rest).sort()).toEqual(
      ['chain_node', 'chain_share', 'hall', 'hazard', 'land_use', 'no_reserve'].sort(),
    );
    for (const [measure, limit] of stated) {
      const after = loosened(full, { measure, limit, to: null });
      expect(after, measure).not.toBeNull();
      expect(requirementOf(after ?? full, NOW), measure).not.toEqual(requirementOf(full, NOW));
    }
  });

  it('is none for what the form cannot state', () => {
    expect(loosened(full, { measure: 'far_min', limit: 'min', to: 1 })).toBeNull();
  });
});

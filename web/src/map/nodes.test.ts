import { describe, expect, it } from 'vitest';
import type { Network } from '../core/feed';
import { nodesApart } from './nodes';

/** So many nodes a thousandth of a degree of latitude apart, in rows. */
const nodes = (n: number): Network[] =>
  Array.from({ length: n }, (_, i) => ({
    geometry: { type: 'Point', coordinates: [(i % 20) / 1_000, Math.floor(i / 20) / 1_000] },
  })) as unknown as Network[];

describe('nodes of services', () => {
  it('are as far apart as they lie, where they are many', () => {
    expect(nodesApart(nodes(300))).toBeNull();
    const apart = nodesApart(nodes(400)) ?? 0;
    expect(apart).toBeGreaterThan(100);
    expect(apart).toBeLessThan(112);
  });
});

import { describe, expect, it } from 'vitest';
import type { Hit, Parcel } from '../core/feed';
import { withOwn } from './search';

const parcel = (id: string, code: string): Parcel =>
  ({
    type: 'Feature',
    id,
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [122, 37],
          [122.001, 37],
          [122.001, 37.001],
          [122, 37.001],
          [122, 37],
        ],
      ],
    },
    properties: { code, status: 'available', legal_m2: 20_000 / 3 },
  }) as unknown as Parcel;

describe('a member’s search', () => {
  const hit = { id: 'a', code: 'TX-A01', park: 'p' } as Hit;

  it('finds what is not public too, after what is', () => {
    const all = withOwn(
      [hit],
      [parcel('a', 'TX-A01'), parcel('b', 'TX-A02'), parcel('c', 'TX-B01')],
      'p',
      'tx-a',
    );
    expect(all.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(all[1]).toMatchObject({
      code: 'TX-A02',
      park: 'p',
      legal_mu: expect.closeTo(10, 9) as number,
      bbox: [122, 37, 122.001, 37.001],
    });
  });

  it('puts the parcel of just that code first', () => {
    const all = withOwn([{ ...hit, code: 'TX-A02-1' }], [parcel('b', 'TX-A02')], 'p', 'TX-A02');
    expect(all.map(({ id }) => id)).toEqual(['b', 'a']);
  });

  it('adds nothing where nothing of the code is asked for', () => {
    expect(withOwn([hit], [parcel('b', 'TX-A02')], 'p', '拓展')).toEqual([hit]);
  });
});

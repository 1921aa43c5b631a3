import { describe, expect, it } from 'vitest';
import type { Land } from './land.svelte';
import type { Link } from './link.svelte';
import { Sight, type Camera } from './sight.svelte';

const bbox = [122, 37, 122.1, 37.1] as const;
const ring = [
  [122.01, 37.01],
  [122.02, 37.01],
  [122.02, 37.02],
  [122.01, 37.01],
];

/** A sight whose camera comes later, and what that camera is told. */
function early() {
  const land = { park: { bbox }, parcelById: new Map([['a', { geometry: { coordinates: [ring] } }]]) };
  const sight = new Sight(land as unknown as Land, { renote: () => {} } as Link);
  const told: unknown[] = [];
  const camera: Camera = {
    fit: (box, animate) => told.push(['fit', box, animate]),
    reveal: (box) => told.push(['reveal', box]),
    jump: (view) => told.push(['jump', view]),
  };
  return { sight, told, camera };
}

describe('where the map looks once its code is here', () => {
  const park = { bbox: [...bbox] as [number, number, number, number] };
  const parcel = [122.01, 37.01, 122.02, 37.02];

  it('is the park, then the parcel that a link led to', () => {
    const { sight, told, camera } = early();
    sight.place(park, null);
    sight.flyTo('a');
    sight.begin(camera);
    expect(told).toEqual([
      ['fit', bbox, false],
      ['fit', parcel, true],
    ]);
  });

  it('is the view of the link, and nothing of a park that was left', () => {
    const { sight, told, camera } = early();
    sight.flyTo('a');
    const view = { zoom: 15, lat: 37.05, lon: 122.05 };
    sight.place(park, view);
    sight.begin(camera);
    expect(told).toEqual([['jump', view]]);
  });
});

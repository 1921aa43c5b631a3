import { expect, it } from 'vitest';
import { Client } from '../core/client';
import type { Content } from '../core/content';
import type { Park } from '../core/feed';
import type { Connection } from './connection.svelte';
import { Land } from './land.svelte';
import type { Session } from './session.svelte';

/** A large park whose plan units tiles draw; `paths` is what was asked. */
function large(uses: readonly string[]) {
  const paths: string[] = [];
  const client = new Client((address) => {
    paths.push(address);
    const url = new URL(address, 'http://page.invalid');
    const last = /land_use > '(.*)'/.exec(url.searchParams.get('filter') ?? '')?.[1] ?? '';
    const use = uses.find((each) => each > last);
    const features = use ? [{ id: use, properties: { code: use, land_use: use } }] : [];
    return Promise.resolve(Response.json({ features }));
  });
  const land = new Land(client, {} as Connection, { account: null } as Session);
  land.park = { code: 'big', parcels: 10_000, time_zone: 'UTC' } as Park;
  land.content = { whole: false, tiled: new Map([['plan-units', 3_000]]) } as unknown as Content;
  return { land, paths };
}

it('asks for the classes of plan units once, and again where the units changed', async () => {
  const { land, paths } = large(['0701', '1001', '1201']);
  await Promise.all([land.knowUses(), land.knowUses()]);
  await land.knowUses();
  expect(land.planUses).toEqual(['0701', '1001', '1201']);
  expect(paths).toHaveLength(4);
  await land.renewLayers(['zones']);
  await land.knowUses();
  expect(paths).toHaveLength(4);
  await land.renewLayers(['plan-units']);
  await land.knowUses();
  expect(paths).toHaveLength(8);
});

it('takes the classes over from the last asking alone', async () => {
  const { land } = large(['0701', '1001']);
  const first = land.knowUses();
  await land.renewLayers(['plan-units']);
  const second = land.knowUses();
  await Promise.all([first, second]);
  expect(land.planUses).toEqual(['0701', '1001']);
});

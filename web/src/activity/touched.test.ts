import { describe, expect, it } from 'vitest';
import { Client } from '../core/client';
import type { Content } from '../core/content';
import type { Parcel } from '../core/feed';
import type { Change, ParkEvent } from '../core/live';
import { readTouched, touchedBy } from './touched';

const change = (
  id: string,
  op: Change['op'] = 'changed',
  collection: Change['collection'] = 'parcels',
): Change => ({
  collection,
  id,
  code: `C-${id}`,
  op,
});
const event = (...changes: Change[]): ParkEvent => ({
  park: 'p',
  seq: 1,
  at: '',
  changes,
  change_count: changes.length,
});

describe('what events touch', () => {
  it('names parcels once, as the last event left them, and the layers', () => {
    const touched = touchedBy([
      event(change('a'), change('z', 'created', 'zones')),
      event(change('a', 'retired'), change('b', 'created'), change('r', 'changed', 'allotments')),
    ]);
    expect([...(touched.parcels ?? [])]).toEqual([
      ['a', null],
      ['b', 'C-b'],
    ]);
    expect([...touched.layers]).toEqual(['zones']);
  });

  it('takes all parcels where not all are named, or many', () => {
    expect(touchedBy([{ ...event(change('a')), change_count: 101 }]).layers.size).toBe(3);
    expect(touchedBy([{ ...event(change('a')), change_count: 101 }]).parcels).toBeNull();
    expect(touchedBy([event()]).parcels).toBeNull();
    const many = Array.from({ length: 13 }, (_, i) => change(String(i)));
    expect(touchedBy([event(...many)]).parcels).toBeNull();
  });

  it('puts each in its place, drops what is gone, and reads nothing else', async () => {
    const parcel = (id: string, status: string): Parcel =>
      ({ type: 'Feature', id, geometry: null, properties: { code: `C-${id}`, status } }) as unknown as Parcel;
    const asked: string[] = [];
    const client = new Client((url) => {
      asked.push(url);
      if (url.includes('/items/b')) return Promise.resolve(Response.json(parcel('b', 'held')));
      if (url.includes('/items/n')) return Promise.resolve(Response.json(parcel('n', 'available')));
      if (url.includes('/items/h')) return Promise.resolve(new Response('{}', { status: 404 }));
      return Promise.resolve(Response.json({ park: 'p', rows: [] }));
    });
    const touched = touchedBy([
      event(change('b'), change('c', 'retired'), change('h'), change('n', 'created')),
    ]);
    const apply = await readTouched(
      client,
      'p',
      touched,
      { desk: false, whole: true },
      new AbortController().signal,
    );
    const content = {
      parcels: ['a', 'b', 'c', 'h'].map((id) => parcel(id, 'available')),
      zones: [],
    } as unknown as Content;
    const now = apply(content);
    expect(now.parcels.map(({ id, properties }) => `${id} ${properties.status}`)).toEqual([
      'a available',
      'b held',
      'n available',
    ]);
    expect(now.zones).toBe(content.zones);
    expect(asked).toHaveLength(4);
  });
});

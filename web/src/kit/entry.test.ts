import { describe, expect, it } from 'vitest';
import { Refusal, Silence, type Problem } from '../core/wire';
import type { Place } from '../core/drafts';
import { Entry, type KeptForm, type Sort } from './entry.svelte';

interface Thing {
  revision: number;
  name: string;
  note: string;
}
type Form = Pick<Thing, 'name' | 'note'>;

const refusal = (problem: Partial<Problem>): Refusal =>
  new Refusal({ type: '/problems/refused', title: 'refused', status: 409, ...problem });

/** One thing on a server that refuses what was not seen. */
class Server {
  thing: Thing = { revision: 1, name: 'a', note: '' };
  failing: Error | null = null;
  /** The change is made, its answer lost. */
  deaf = false;
  keys: string[] = [];

  readonly sort: Sort<Form, Thing> = {
    form: (thing) => ({ name: thing?.name ?? '', note: thing?.note ?? '' }),
    faults: ({ name }) => (name ? {} : { name: 'web.register.fault.given' }),
    send: async (form, changed, thing, key) => {
      this.keys.push(key);
      if (this.failing) throw this.failing;
      if (thing && thing.revision !== this.thing.revision)
        throw refusal({ type: '/problems/stale', status: 412 });
      for (const field of changed) this.thing = { ...this.thing, [field]: form[field] };
      this.thing = { ...this.thing, revision: this.thing.revision + 1 };
      if (this.deaf) throw new Silence('lost');
      return this.thing;
    },
    read: async () => this.thing,
  };
}

function open(): { server: Server; entry: Entry<Form, Thing> } {
  const server = new Server();
  return { server, entry: new Entry(server.sort, server.thing) };
}

describe('a form under way', () => {
  it('sends what changed and begins anew from the answer', async () => {
    const { server, entry } = open();
    entry.typed.name = 'b';
    expect((await entry.save())?.name).toBe('b');
    expect(server.thing).toMatchObject({ revision: 2, note: '' });
  });

  it('asks nobody where a field is wrong', async () => {
    const { server, entry } = open();
    entry.typed.name = '';
    expect(await entry.save()).toBeNull();
    expect(entry.faults).toHaveProperty('name');
    expect(server.keys).toEqual([]);
  });

  it('keeps what was typed when another was quicker, and sends it after a second look', async () => {
    const { server, entry } = open();
    server.thing = { revision: 2, name: 'theirs', note: 'new' };
    entry.typed.name = 'mine';
    expect(await entry.save()).toBeNull();
    expect(entry.fate).toBe('overtaken');
    expect({ ...entry.typed }).toEqual({ name: 'mine', note: 'new' });
    expect(entry.clashes).toEqual(['name']);
    expect(entry.base.name).toBe('theirs');
    entry.keep('name');
    expect(await entry.save()).toMatchObject({ name: 'mine', note: 'new', revision: 3 });
  });

  it('takes the other’s value on request', async () => {
    const { server, entry } = open();
    server.thing = { revision: 2, name: 'theirs', note: '' };
    entry.typed.name = 'mine';
    await entry.save();
    entry.take('name');
    expect(entry.typed.name).toBe('theirs');
    expect(entry.clashes).toEqual([]);
  });

  it('finds its own change made when only the answer was lost', async () => {
    const { server, entry } = open();
    entry.typed.note = 'n';
    server.deaf = true;
    expect(await entry.save()).toBeNull();
    expect(entry.fate).toBe('silent');
    expect(entry.typed.note).toBe('n');
    server.deaf = false;
    expect(await entry.save()).toMatchObject({ note: 'n', revision: 2 });
  });

  it('sends the same again with the same key, something else with another', async () => {
    const { server, entry } = open();
    server.failing = new Silence('away');
    entry.typed.note = 'n';
    await entry.save();
    await entry.save();
    entry.typed.note = 'm';
    await entry.save();
    const [first, second, third] = server.keys;
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  describe('kept by the browser', () => {
    const shelf = (): Place<KeptForm<Form>> & { text: string | null } => ({
      text: null,
      read() {
        return this.text === null ? null : (JSON.parse(this.text) as KeptForm<Form>);
      },
      keep(draft) {
        this.text = JSON.stringify(draft);
      },
      drop() {
        this.text = null;
      },
    });

    it('is sent again under its key after the page went', async () => {
      const [server, place] = [new Server(), shelf()];
      const first = new Entry(server.sort, null, place);
      first.typed = { name: 'new', note: 'n' };
      server.failing = new Silence('lost');
      await first.save();
      const second = new Entry(server.sort, null, place);
      expect([second.restored, second.fate, { ...second.typed }]).toEqual([
        true,
        'silent',
        { name: 'new', note: 'n' },
      ]);
      server.failing = null;
      await second.save();
      expect(server.keys[1]).toBe(server.keys[0]);
      expect([place.text, new Entry(server.sort, null, place).restored]).toEqual([null, false]);
    });

    it('is done where the thing has it already', async () => {
      const [server, place] = [new Server(), shelf()];
      const first = new Entry(server.sort, server.thing, place);
      first.typed.note = 'n';
      server.deaf = true;
      await first.save();
      expect(new Entry(server.sort, server.thing, place).restored).toBe(false);
      expect(place.text).toBeNull();
    });

    it('stands on the thing as it is now, and gives way on a word', () => {
      const [server, place] = [new Server(), shelf()];
      const first = new Entry(server.sort, server.thing, place);
      first.typed.note = 'mine';
      first.remember();
      server.thing = { revision: 2, name: 'theirs', note: '' };
      const second = new Entry(server.sort, server.thing, place);
      expect({ ...second.typed }).toEqual({ name: 'theirs', note: 'mine' });
      second.discard();
      expect([{ ...second.typed }, place.text]).toEqual([{ name: 'theirs', note: '' }, null]);
    });
  });

  it('puts a refusal at its field, and one without a field over the form', async () => {
    const { server, entry } = open();
    entry.typed.name = 'b';
    server.failing = refusal({ field: 'name', detail: 'taken' });
    await entry.save();
    expect(entry.told).toEqual({ name: 'taken' });
    server.failing = refusal({ status: 401, detail: 'who?' });
    await entry.save();
    expect([entry.told, entry.fate, entry.typed.name]).toEqual([{}, 'ended', 'b']);
  });
});

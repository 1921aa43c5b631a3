import { describe, expect, it } from 'vitest';
import { Drafts } from './drafts';
import type { Shelf } from './shelf';
import { Refusal, Silence } from './wire';

/** A browser's storage; `full`: it takes nothing more. */
class Storage implements Shelf {
  readonly all = new Map<string, string>();
  full = false;
  get length(): number {
    return this.all.size;
  }
  key = (i: number): string | null => [...this.all.keys()][i] ?? null;
  getItem = (name: string): string | null => this.all.get(name) ?? null;
  setItem = (name: string, text: string): void => {
    if (this.full) throw new Error('QuotaExceededError');
    this.all.set(name, text);
  };
  removeItem = (name: string): void => void this.all.delete(name);
}

const refused = (status: number): Refusal => new Refusal({ type: '/problems/x', title: 'x', status });

describe('what is typed', () => {
  it('is kept by account and name, until it is dropped', () => {
    const [lasting, passing] = [new Storage(), new Storage()];
    let account: string | null = 'a';
    const drafts = new Drafts(() => account, lasting, passing);
    drafts.place<{ reason: string }>('order.east.1').keep({ reason: 'why' });
    drafts.place('order.west.1').keep({});
    expect(drafts.names('order.east.')).toEqual(['order.east.1']);
    expect(new Drafts(() => 'a', lasting).place('order.east.1').read()).toEqual({ reason: 'why' });
    account = 'b';
    expect([drafts.names(''), drafts.place('order.east.1').read()]).toEqual([[], null]);
    account = null;
    drafts.place('order.east.2').keep({});
    account = 'a';
    expect(drafts.names('order.')).toEqual(['order.east.1', 'order.west.1']);
    drafts.place('order.east.1').drop();
    expect(drafts.names('order.')).toEqual(['order.west.1']);
  });

  it('of persons ends with the tab and with the sign-in', () => {
    const [lasting, passing] = [new Storage(), new Storage()];
    const drafts = new Drafts(() => 'a', lasting, passing);
    drafts.place('contact.1', true).keep({ name: '王', phone: '131' });
    expect(lasting.length).toBe(0);
    drafts.forgetPersons();
    expect(passing.length).toBe(0);
  });

  it('needs no room, and nothing that can be read', () => {
    const lasting = new Storage();
    const drafts = new Drafts(() => 'a', lasting);
    lasting.all.set('luodi.draft.a.x', '{broken');
    expect(drafts.place('x').read()).toBeNull();
    lasting.full = true;
    drafts.place('y').keep({});
    expect(new Drafts(() => 'a', null).place('y').read()).toBeNull();
  });
});

describe('what is sent', () => {
  const unsure = [new Silence('lost'), refused(502), refused(503), refused(500)];
  it.each(unsure)('keeps its key until it is answered, also in a page opened anew: %s', async (failure) => {
    const lasting = new Storage();
    const keys: string[] = [];
    const send = (fail: Error | null) => async (key: string) => {
      keys.push(key);
      if (fail) throw fail;
      return 'done';
    };
    await expect(new Drafts(() => 'a', lasting).once('decide', send(failure))).rejects.toBe(failure);
    await expect(new Drafts(() => 'a', lasting).once('decide', send(null))).resolves.toBe('done');
    await new Drafts(() => 'a', lasting).once('decide', send(null));
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
    expect(lasting.length).toBe(0);
  });

  it('gets another key once it was refused', async () => {
    const drafts = new Drafts(() => 'a', new Storage());
    const keys: string[] = [];
    const send = async (key: string): Promise<never> => {
      keys.push(key);
      throw refused(409);
    };
    await expect(drafts.once('decide', send)).rejects.toBeDefined();
    await expect(drafts.once('decide', send)).rejects.toBeDefined();
    expect(keys[1]).not.toBe(keys[0]);
  });
});

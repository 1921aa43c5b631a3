import { describe, expect, it } from 'vitest';
import type { Fetch } from '../core/client';
import type { Order } from '../core/orders';
import { preview, transact } from './transact';
import { Refusal, Silence, Wire } from '../core/wire';

const order: Order = { kind: 'withdraw', parcels: [{ id: 'a', version: 3 }], reason: 'why', documents: [] };

function wire(status: number, body: unknown): { wire: Wire; asked: { url: string; init: RequestInit }[] } {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch: Fetch = async (url, init = {}) => {
    asked.push({ url, init });
    return new Response(typeof body === 'string' ? body : JSON.stringify(body), { status });
  };
  return { wire: new Wire(() => 'en', fetch), asked };
}
const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe('transacting', () => {
  it('gives what was done with the command that reverses it', async () => {
    const { wire: line, asked } = wire(201, { seq: 12, at: '', preview: false, parcels: [], retired: [] });
    const made = await transact(line, 'a/b', order, 'key-1');
    expect(made).toMatchObject({ done: { seq: 12 }, inverse: { kind: 'revert', reverts: 12 } });
    expect(asked[0]?.url).toBe('/api/parks/a%2Fb/records');
    expect(asked[0]?.init.headers).toMatchObject({ 'Idempotency-Key': 'key-1', 'Accept-Language': 'en' });
    expect(JSON.parse(String(asked[0]?.init.body))).toEqual(order);
  });

  it('tells a proposal from a deed', async () => {
    const { wire: line } = wire(202, { id: 'p', state: 'open', parcels: ['A'], seq: null });
    expect(await transact(line, 'a', order, 'k')).toEqual({ proposed: { proposal: 'p' } });
  });

  it('asks for a preview without a key: nothing is kept', async () => {
    const { wire: line, asked } = wire(200, { seq: 12, parcels: [], retired: [], preview: true });
    await preview(line, 'a', order);
    expect(asked[0]?.url).toBe('/api/parks/a/records?preview=true');
    expect(asked[0]?.init.headers).not.toHaveProperty('Idempotency-Key');
  });

  it('rejects with the server’s whole problem when it says no', async () => {
    const problem = {
      type: '/problems/refused',
      title: 'No',
      status: 409,
      rule: 'one_right_at_a_time',
      code: 'A',
    };
    const error = await failure(transact(wire(409, problem).wire, 'a', order, 'k'));
    expect(error).toBeInstanceOf(Refusal);
    expect((error as Refusal).problem).toMatchObject(problem);
    expect((error as Refusal).is('refused')).toBe(true);
  });

  it.each([
    [502, '<html>'],
    [200, '<html>'],
    [500, ''],
  ])('does not take a %i that is no answer of ours for a yes or a no', async (status, body) => {
    expect(await failure(transact(wire(status, body).wire, 'a', order, 'k'))).toBeInstanceOf(Silence);
  });

  it('calls no answer silence, and lets an abort be an abort', async () => {
    const broken = new Wire(
      () => 'zh',
      () => Promise.reject(new TypeError('reset')),
    );
    expect(await failure(transact(broken, 'a', order, 'k'))).toBeInstanceOf(Silence);
    const leaving = new AbortController();
    leaving.abort();
    const left = await failure(preview(broken, 'a', order, leaving.signal));
    expect(left).toMatchObject({ name: 'AbortError' });
  });
});

import { describe, expect, it } from 'vitest';
import { Client, FeedError, type Fetch } from './client';

function answering(answers: Record<string, { status?: number; body: string }>): {
  client: Client;
  asked: string[];
} {
  const asked: string[] = [];
  const fetch: Fetch = async (url) => {
    asked.push(url);
    const answer = answers[url];
    if (!answer) throw new TypeError('connection refused');
    return new Response(answer.body, { status: answer.status ?? 200 });
  };
  return { client: new Client(fetch), asked };
}

const failure = (work: Promise<unknown>): Promise<FeedError> =>
  work.then(
    () => {
      throw new Error('it should have failed');
    },
    (error: FeedError) => error,
  );

describe('the feeds', () => {
  it('walks next links to the end, and never leaves its own origin', async () => {
    const first = '/ogc/collections/zones/items?f=json&limit=10000&park=carbon-fibre';
    const second = '/ogc/collections/zones/items?cursor=abc';
    const { client, asked } = answering({
      [first]: {
        body: JSON.stringify({
          features: [{ id: '1' }],
          links: [
            { rel: 'self', href: '/x' },
            { rel: 'next', href: `https://public.example${second}` },
          ],
        }),
      },
      [second]: { body: JSON.stringify({ features: [{ id: '2' }] }) },
    });
    expect((await client.layer('zones', 'carbon-fibre')).map(({ id }) => id)).toEqual(['1', '2']);
    expect(asked).toEqual([first, second]);
  });

  it('reads the lines and the nodes of networks, which are two collections', async () => {
    const of = (feed: string): string =>
      `/ogc/collections/${feed}/items?f=json&limit=10000&park=carbon-fibre`;
    const { client } = answering({
      [of('networks')]: { body: JSON.stringify({ features: [{ id: 'line' }], links: [] }) },
      [of('network-nodes')]: { body: JSON.stringify({ features: [{ id: 'node' }], links: [] }) },
    });
    expect((await client.layer('networks', 'carbon-fibre')).map(({ id }) => id)).toEqual(['line', 'node']);
  });

  it.each([
    [404, 'missing'],
    [400, 'refused'],
    [500, 'broken'],
    [502, 'away'],
    [503, 'away'],
    [504, 'away'],
  ])('calls status %i %s and keeps the problem’s detail', async (status, expected) => {
    const { client } = answering({
      '/api/parks/a': { status, body: JSON.stringify({ detail: '没有这个园区' }) },
    });
    const error = await failure(client.park('a'));
    expect(error).toMatchObject({ failure: expected, status, message: '没有这个园区' });
  });

  it('calls no answer away, and an answer that is no JSON broken', async () => {
    const { client } = answering({ '/api/parks': { body: '<html>' } });
    expect(await failure(client.park('b'))).toMatchObject({ failure: 'away', status: 0 });
    expect(await failure(client.parks())).toMatchObject({ failure: 'broken' });
  });

  it('escapes what goes into a path or a query', async () => {
    const { client, asked } = answering({});
    await failure(client.park('a/b?c'));
    await failure(client.search('拓展 &park=x', null));
    expect(asked[0]).toBe('/api/parks/a%2Fb%3Fc');
    expect(new URL(asked[1] ?? '', 'http://x').searchParams.get('q')).toBe('拓展 &park=x');
    expect(new URL(asked[1] ?? '', 'http://x').searchParams.has('park')).toBe(false);
  });

  it('rejects with the abort, not with a failure, when the reader moved on', async () => {
    const leaving = new AbortController();
    const client = new Client((_, init) => {
      leaving.abort();
      return Promise.reject((init?.signal as AbortSignal).reason);
    });
    await expect(client.park('a', leaving.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

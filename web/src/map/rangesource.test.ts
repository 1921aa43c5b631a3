import { EtagMismatch } from 'pmtiles';
import { afterEach, expect, it, vi } from 'vitest';
import { RangeSource } from './rangesource';

const told: (number | null)[] = [];
const source = (address: string): RangeSource => new RangeSource(address, (failure) => told.push(failure));
function answering(answer: () => Response): ReturnType<typeof vi.fn> {
  const fetching = vi.fn(() => Promise.resolve().then(answer));
  vi.stubGlobal('fetch', fetching);
  return fetching;
}
afterEach(() => {
  vi.unstubAllGlobals();
  told.length = 0;
});

const part = (etag?: string) => (): Response =>
  new Response('abcd', { status: 206, headers: etag ? { ETag: etag } : {} });

it('asks for parts, without cookies, and tells no more of this page than its origin', async () => {
  const fetching = answering(part('"1"'));
  const { data, etag } = await source('/backgrounds/a.pmtiles').getBytes(127, 4);
  expect([data.byteLength, etag]).toEqual([4, '"1"']);
  expect(fetching).toHaveBeenCalledWith(
    '/backgrounds/a.pmtiles?bytes=127-130',
    expect.objectContaining({
      headers: { Range: 'bytes=127-130' },
      credentials: 'omit',
      referrerPolicy: 'origin',
    }),
  );
  await source('https://a.cn/f.pmtiles?sig=1').getBytes(0, 4);
  expect(fetching.mock.lastCall?.[0]).toBe('https://a.cn/f.pmtiles?sig=1');
  expect(told).toEqual([null, null]);
});

it('says why a part didn’t come, and takes no whole file for one', async () => {
  for (const status of [200, 403, 500]) {
    answering(() => new Response('whole', { status }));
    await expect(source('/a').getBytes(0, 4)).rejects.toThrow(String(status));
  }
  answering(() => {
    throw new TypeError('Failed to fetch');
  });
  await expect(source('/a').getBytes(0, 4)).rejects.toThrow();
  expect(told).toEqual([200, 403, 500, 0]);
});

it('mixes no two editions of a file', async () => {
  answering(part('"2"'));
  await expect(source('/a').getBytes(0, 4, undefined, '"1"')).rejects.toBeInstanceOf(EtagMismatch);
  answering(part('W/"2"'));
  expect((await source('/a').getBytes(0, 4, undefined, '"1"')).etag).toBeUndefined();
});

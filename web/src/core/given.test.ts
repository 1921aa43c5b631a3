import { describe, expect, it } from 'vitest';
import { Given } from './given';

const documentWith = (text: string | null): Document =>
  ({ getElementById: () => (text === null ? null : { textContent: text }) }) as unknown as Document;
const page = documentWith('{"/api/session":{"account":null},"/api/parks":{"parks":[]}}');

/** A server that says which path was asked of it. */
const server = (url: string): Promise<Response> => Promise.resolve(Response.json({ asked: url }));

describe('answers that came with the page', () => {
  it('are given once, and then asked for', async () => {
    const fetch = Given.of(page, true).before(server);
    expect(await (await fetch('/api/session')).json()).toEqual({ account: null });
    expect(await (await fetch('/api/session')).json()).toEqual({ asked: '/api/session' });
    expect(await (await fetch('/api/parks')).json()).toEqual({ parks: [] });
  });

  it('stand for reading alone', async () => {
    const fetch = Given.of(page, true).before(server);
    expect(await (await fetch('/api/session', { method: 'POST' })).json()).toEqual({ asked: '/api/session' });
  });

  it.each([
    ['of a page from a cache', page, false],
    ['that are no JSON', documentWith('{'), true],
    ['of a page without any', documentWith(null), true],
  ])('are left alone: those %s', async (_, document, fresh) => {
    const fetch = Given.of(document, fresh).before(server);
    expect(await (await fetch('/api/parks')).json()).toEqual({ asked: '/api/parks' });
  });
});

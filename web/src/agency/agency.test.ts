import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Refusal, Silence, Wire } from '../core/wire';
import { whyNot } from './aid.svelte';
import { Sender, TooLarge, fileOf } from './sending';
import { sayOf, table } from './text';

const files = (file: Blob): FileList => ({ 0: file, length: 1 }) as unknown as FileList;

describe('what is sent', () => {
  it('goes under its key until it is answered', async () => {
    const keys: (string | null)[] = [];
    let fails = 1;
    const wire = new Wire(
      () => 'en',
      (_, init) => {
        keys.push(new Headers(init?.headers).get('Idempotency-Key'));
        if (fails-- > 0) return Promise.reject(new TypeError('lost'));
        return Promise.resolve(new Response('{}', { status: 201 }));
      },
    );
    const sender = new Sender(wire);
    await expect(sender.post('/a', { n: 1 })).rejects.toBeInstanceOf(Silence);
    await sender.post('/a', { n: 1 });
    await sender.post('/a', { n: 1 });
    expect(keys[0]).toBe(keys[1]);
    expect(keys[2]).not.toBe(keys[1]);
  });

  it('is no file where none was chosen, and none above 8 MiB', async () => {
    expect(await fileOf(null)).toBeUndefined();
    expect(await fileOf(files(new Blob(['ab'])))).toBe('YWI=');
    await expect(fileOf(files({ size: 8 * 2 ** 20 + 1 } as Blob))).rejects.toBeInstanceOf(TooLarge);
  });

  it('says why it was refused', () => {
    expect(whyNot('en', new TooLarge())).toBe(sayOf('en', 'aid.paper.large'));
    expect(whyNot('en', new Silence())).toBe(sayOf('en', 'aid.silence'));
    expect(whyNot('en', new Refusal({ type: 't', title: 'No', status: 400, detail: 'Not so.' }))).toBe(
      'Not so.',
    );
  });
});

describe('the texts', () => {
  it('are all used', () => {
    const source = readdirSync(import.meta.dirname)
      .filter((name) => /(?<!\.test)\.(ts|svelte)$/.test(name))
      .map((name) => readFileSync(join(import.meta.dirname, name), 'utf8'))
      .join('\n');
    const put = [...source.matchAll(/`(aid\.[a-z.]+\.)\$\{/g)].map(([, start = '']) => start);
    const unused = Object.keys(table).filter(
      (key) => !source.includes(`'${key}'`) && !put.some((start) => key.startsWith(start)),
    );
    expect(unused).toEqual([]);
  });
});

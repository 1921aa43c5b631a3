import { describe, expect, it } from 'vitest';
import { Drafts } from '../core/drafts';
import { Refusal, Silence, type Asking, type Wire } from '../core/wire';
import { sendPaper } from './sending';

/** A browser that keeps things, and a server that answers in turn; sent is what came: key, version, reason. */
function desk(...answers: (Error | null)[]) {
  const kept = new Map<string, string>();
  const shelf = {
    get length() {
      return kept.size;
    },
    key: (i: number) => [...kept.keys()][i] ?? null,
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, text: string) => void kept.set(name, text),
    removeItem: (name: string) => void kept.delete(name),
  };
  const sent: unknown[][] = [];
  const wire = {
    ask: (_: string, { headers, body }: Asking) => {
      const { parcels, reason } = body as { parcels: { version: number }[]; reason: string };
      sent.push([headers?.['Idempotency-Key'], parcels[0]?.version, reason]);
      const answer = answers.shift() ?? null;
      return answer ? Promise.reject(answer) : Promise.resolve({});
    },
  } as unknown as Wire;
  const send = (paper: object, version = 7, reason = 'added') =>
    sendPaper({ wire, drafts: new Drafts(() => 'me', shelf) }, 'p', { id: 'a', version }, reason, paper).then(
      () => true,
      () => false,
    );
  return { kept, sent, send };
}
const photo = { file: 'AAAA', kind: 'photo' };
const refused = (status: number) => new Refusal({ type: 'x', title: 'x', status });

describe('a paper that is sent again', () => {
  it.each([new Silence('lost'), refused(502)])('goes as it was, until it is answered: %s', async (lost) => {
    const { kept, sent, send } = desk(lost, lost);
    expect(await send(photo)).toBe(false);
    // the parcel has risen, perhaps by this very paper, and the reader has changed the language
    expect(await send(photo, 8, '添加照片或文件')).toBe(false);
    expect(await send(photo, 8)).toBe(true);
    expect(sent).toEqual([sent[0], sent[0], sent[0]]);
    expect(kept.size).toBe(0);
    await send(photo, 8);
    expect(sent[3]?.[0]).not.toBe(sent[0]?.[0]);
    expect(sent[3]?.[1]).toBe(8);
  });

  it('has another key where the file or a word of it differs, or once it was refused', async () => {
    const { sent, send } = desk(new Silence('lost'), new Silence('lost'), refused(422));
    await send(photo);
    await send({ ...photo, file: 'AAAB' });
    await send(photo);
    await send(photo);
    const [first, other, again, fresh] = sent.map(([key]) => key);
    expect(again).toBe(first);
    expect(new Set([first, other, fresh]).size).toBe(3);
  });
});

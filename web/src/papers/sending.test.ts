import { describe, expect, it } from 'vitest';
import { Drafts } from '../core/drafts';
import { Refusal, Silence, type Asking, type Wire } from '../core/wire';
import { sendPaper, settleAdded } from './sending';

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
  const drafts = new Drafts(() => 'me', shelf);
  const send = (paper: Parameters<typeof sendPaper>[4], version = 7, reason = 'added', had: string[] = []) =>
    sendPaper(
      { wire, drafts },
      'p',
      { id: 'a', version, papers: had.map((id) => ({ id })) },
      reason,
      paper,
    ).then(
      () => true,
      () => false,
    );
  /** The parcel's list was read: papers of these ids, all with one title. */
  const read = (...ids: string[]) =>
    settleAdded(
      drafts,
      'p',
      'a',
      ids.map((id) => ({ id, kind: 'photo' as const, title_zh: '东南角', title_en: null })),
    );
  return { kept, sent, send, read };
}
const photo = { file: 'AAAA', kind: 'photo' as const, title_zh: '东南角 ' };
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

  it('goes as it was while it stands in the list, and as another once it stood there and is gone', async () => {
    const { kept, sent, send, read } = desk(new Silence('lost'), new Silence('lost'), new Silence('lost'));
    await send(photo, 7, 'added', ['old']);
    read('old'); // of one title, and there before
    read('old', 'new');
    await send(photo, 8, 'added', ['old', 'new']);
    read('new');
    await send(photo, 9, 'added', ['new']);
    const [first, again, standing] = sent;
    expect([again, standing]).toEqual([first, first]);
    read();
    expect(kept.size).toBe(0);
    await send(photo, 10);
    expect(sent[3]?.[0]).not.toBe(first?.[0]);
    expect(sent[3]?.[1]).toBe(10);
  });
});

describe('a change of a paper', () => {
  it('is sent anew each time: withheld and not answered, published, withheld again', async () => {
    const { kept, sent, send } = desk(new Silence('lost'));
    const withheld = { id: 'x', publication: 'internal' };
    expect(await send(withheld, 7)).toBe(false);
    expect(kept.size).toBe(0);
    await send({ id: 'x', publication: 'public' }, 8);
    await send(withheld, 9);
    expect(sent.map(([, version]) => version)).toEqual([7, 8, 9]);
    expect(new Set(sent.map(([key]) => key)).size).toBe(3);
  });
});

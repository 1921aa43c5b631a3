import { expect, it } from 'vitest';
import { Refusal, Silence } from '../core/wire';
import { sendFile } from './sending';

/** A server that answers in these pieces. */
const answering =
  (status: number, ...pieces: string[]): typeof fetch =>
  () =>
    Promise.resolve(
      new Response(
        new ReadableStream({
          start(stream) {
            for (const piece of pieces) stream.enqueue(new TextEncoder().encode(piece));
            stream.close();
          },
        }),
        { status },
      ),
    );

const send = (fetch: typeof globalThis.fetch, told: unknown[] = []) =>
  sendFile('/x', new Blob(['file']), {
    lang: 'zh',
    signal: new AbortController().signal,
    tell: (progress) => told.push(progress.done),
    fetch,
  });

it('tells progress and gives the report, wherever the pieces break', async () => {
  const told: unknown[] = [];
  const report = await send(
    answering(
      200,
      '{"step":"reads","done":5,',
      '"total":9}\n{"step":"re',
      'ads","done":9,"total":9}\n{"status":201,"report":{"made":3}}',
    ),
    told,
  );
  expect(report).toEqual({ made: 3 });
  expect(told).toEqual([5, 9]);
});

it('rejects with the problem of the last line, or of the answer', async () => {
  const problem = { type: '/problems/import-refused', title: 't', status: 422 };
  const late = send(answering(200, JSON.stringify({ status: 422, problem }) + '\n'));
  await expect(late).rejects.toBeInstanceOf(Refusal);
  await expect(send(answering(413, JSON.stringify(problem)))).rejects.toBeInstanceOf(Refusal);
});

it('rejects with Silence where the answer breaks off', async () => {
  await expect(send(answering(200, '{"step":"reads","done":5,"total":9}\n'))).rejects.toBeInstanceOf(Silence);
  await expect(send(answering(200, '{"step'))).rejects.toBeInstanceOf(Silence);
  await expect(send(answering(502, '<html>'))).rejects.toBeInstanceOf(Silence);
});

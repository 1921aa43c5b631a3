import type { ImportReport, Problem } from '../core/api';
import type { Lang } from '../core/message';
import { Refusal, Silence } from '../core/wire';

/** How far an import is; total is a thousand. */
export interface Progress {
  step: string;
  done: number;
  total: number;
}

type Line = Progress | { status: number; report: ImportReport } | { status: number; problem: Problem };

/** The lines of a stream of bytes as they come, each once it is whole. */
export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    rest += value ?? '';
    const whole = rest.split('\n');
    rest = whole.pop() ?? '';
    for (const line of whole) if (line) yield line;
    if (done) break;
  }
  if (rest) yield rest;
}

/**
 * Sends a file and follows the answer to its end. Rejects with Refusal, with Silence where the answer breaks off, or
 * with the signal's AbortError.
 */
export async function sendFile(
  path: string,
  file: Blob,
  {
    lang,
    headers,
    signal,
    tell,
    fetch: ask = fetch,
  }: {
    lang: Lang;
    headers?: Record<string, string>;
    signal: AbortSignal;
    tell: (progress: Progress) => void;
    fetch?: typeof fetch;
  },
): Promise<ImportReport> {
  try {
    const answer = await ask(path, {
      method: 'POST',
      cache: 'no-store',
      body: file,
      headers: {
        Accept: 'application/x-ndjson, application/problem+json',
        'Accept-Language': lang,
        'Content-Type': 'application/octet-stream',
        ...headers,
      },
      signal,
    });
    if (!answer.ok || !answer.body) throw new Refusal((await answer.json()) as Problem);
    for await (const text of linesOf(answer.body)) {
      const line = JSON.parse(text) as Line;
      if ('report' in line) return line.report;
      if ('problem' in line) throw new Refusal({ ...line.problem, status: line.status });
      tell(line);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Refusal) throw error;
    throw new Silence(`${path}: no answer`, { cause: error });
  }
  throw new Silence(`${path}: the answer breaks off`);
}

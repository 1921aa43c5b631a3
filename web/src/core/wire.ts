import type { Problem } from './api';
import { fetchAfterGiven, type Fetch } from './given';
import type { Lang } from './message';

export type { Difference, Problem } from './api';

/** The server answered, and said no. */
export class Refusal extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail ?? problem.title);
    this.name = 'Refusal';
  }

  is(slug: string): boolean {
    return this.problem.type.endsWith(`/problems/${slug}`);
  }
}

/** The server's own words, in the reader's language; what was expected, where one value was refused. */
export function wordsOf({ problem }: Refusal): string {
  const words = problem.detail ?? problem.title;
  return problem.expected && !words.includes(problem.expected) ? `${words} ${problem.expected}` : words;
}

/** Nobody answered, or not with what was promised. Whether a change was made is not known. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

/**
 * Whether a failure leaves open that a change was made: nobody answered, or a server or proxy failed on the
 * way. It may be sent again.
 */
export const isUnsure = (error: unknown): boolean =>
  !(error instanceof Refusal) || error.problem.status >= 500;

/** A change unanswered for so long counts as lost, in ms. */
const TIMEOUT_MS = 30_000;

export interface Asking {
  method?: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** How long an answer may take, where a large body goes. */
  timeoutMs?: number;
}

/**
 * The line for whoever is signed in: sends JSON, speaks the reader's language. Rejects with Refusal, Silence,
 * or the signal's AbortError.
 */
export class Wire {
  constructor(
    private readonly lang: () => Lang,
    private readonly fetch: Fetch = fetchAfterGiven,
  ) {}

  /** The answer's body; null where it has none. */
  async ask<T>(
    path: string,
    { method = 'GET', body, headers, signal, timeoutMs = TIMEOUT_MS }: Asking = {},
  ): Promise<T> {
    const timeout = AbortSignal.timeout(timeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await this.fetch(path, {
        method,
        cache: 'no-store',
        headers: {
          Accept: 'application/json, application/geo+json, application/problem+json',
          'Accept-Language': this.lang(),
          ...(body !== undefined && { 'Content-Type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      text = await response.text();
    } catch (cause) {
      signal?.throwIfAborted();
      throw new Silence(`${path}: no answer`, { cause });
    }
    const parsed = parse(text);
    if (!response.ok) throw refusalOf(response.status, parsed, path);
    if (parsed === undefined) throw new Silence(`${path}: the answer is not JSON`);
    return parsed as T;
  }
}

function parse(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A proxy's own error page is no problem of ours: who meets it doesn't know whether the server acted. */
function refusalOf(status: number, parsed: unknown, path: string): Refusal | Silence {
  const problem = parsed as Partial<Problem> | null | undefined;
  if (!problem || typeof problem.type !== 'string' || typeof problem.title !== 'string')
    return new Silence(`${path}: ${status}`);
  return new Refusal({ ...problem, type: problem.type, title: problem.title, status });
}

import { asInvestor } from './investor';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/** The element of the page that holds what the server wrote into it: answers by their path. */
const HOLDER = 'given-answers';

/**
 * Answers that came with the page itself: what the page asks for first, so that it need not ask. Each is given once;
 * who asks again asks the server.
 */
export class Given {
  constructor(private readonly answers: Map<string, unknown>) {}

  /** Those of the document. None where the page came from the browser's own cache: they would be of another time. */
  static of(document: Document, fresh: boolean): Given {
    const text = document.getElementById(HOLDER)?.textContent;
    if (!text || !fresh) return new Given(new Map());
    try {
      return new Given(new Map(Object.entries(JSON.parse(text) as Record<string, unknown>)));
    } catch {
      return new Given(new Map());
    }
  }

  take(path: string): Response | null {
    if (!this.answers.has(path)) return null;
    const answer = this.answers.get(path);
    this.answers.delete(path);
    return Response.json(answer);
  }

  /** A fetch that looks here first. */
  before(fetch: Fetch): Fetch {
    return async (url, init) => {
      const given = (init?.method ?? 'GET') === 'GET' ? this.take(url) : null;
      return given ?? fetch(url, init);
    };
  }
}

/** Whether the page's document came over the network, or was found unchanged over it, and not from a cache alone. */
function isFresh(): boolean {
  const [navigation] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  return navigation !== undefined && navigation.transferSize > 0;
}

const given = typeof document === 'undefined' ? new Given(new Map()) : Given.of(document, isFresh());

/**
 * The browser's fetch, after what came with the page. As an investor nothing is taken that came with the page, which
 * the server wrote for whoever is signed in, and nothing that is sent says who that is.
 */
export const fetchAfterGiven: Fetch = asInvestor
  ? (url, init) => globalThis.fetch(url, { ...init, credentials: 'omit' })
  : given.before((url, init) => globalThis.fetch(url, init));

import { createContext } from 'svelte';
import { Drafts } from '../core/drafts';
import { Sessions, type Account } from '../core/session';
import { shelfOf } from '../core/shelf';
import { Refusal, Wire, wordsOf } from '../core/wire';
import type { Words } from '../kit/words.svelte';

/** Who is signed in, their line to the server, and what the browser keeps for them. */
export class Session {
  account = $state.raw<Account | null>(null);
  readonly wire: Wire;
  readonly sessions: Sessions;
  readonly drafts = new Drafts(
    () => this.account?.id ?? null,
    shelfOf(() => localStorage),
    shelfOf(() => sessionStorage),
  );

  constructor(private readonly words: Words) {
    this.wire = new Wire(() => words.lang);
    this.sessions = new Sessions(this.wire);
  }

  /** Asks who is signed in; a server that doesn't say is taken as nobody. */
  async start(): Promise<void> {
    try {
      this.account = await this.sessions.read();
    } catch {
      this.account = null;
    }
  }

  /** Why the server didn't do what was asked. */
  say(error: unknown): string {
    if (error instanceof Refusal) return wordsOf(error);
    return this.words.t('web.order.silence');
  }
}

export const [useSession, provideSession] = createContext<Session>();

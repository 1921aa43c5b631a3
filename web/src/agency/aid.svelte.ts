import type { Agency, AgentDay, FlowStatus, MadeLink, Meetings } from '../core/api';
import { Refusal, wordsOf } from '../core/wire';
import type { Lang } from '../core/message';
import type { Session } from '../state/session.svelte';
import { Sender, TooLarge } from './sending';
import { sayOf } from './text';

/** What is sent, or what reads it from a file first. */
type Body = Record<string, unknown> | (() => Promise<object>);

/** Why something was not done. */
export function whyNot(lang: Lang, error: unknown): string {
  if (error instanceof TooLarge) return sayOf(lang, 'aid.paper.large');
  return error instanceof Refusal ? wordsOf(error) : sayOf(lang, 'aid.silence');
}

/** What is under way, and why the last attempt failed. */
class Attempts {
  busy = $state(false);
  problem = $state<string | null>(null);
  protected readonly sender: Sender;

  constructor(
    protected readonly session: Session,
    protected readonly lang: () => Lang,
  ) {
    this.sender = new Sender(session.wire);
  }

  /** Whether it was done. */
  async attempt(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = whyNot(this.lang(), error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** How one project is run for its firm. */
export class Aid extends Attempts {
  agency = $state.raw<Agency | null>(null);
  colleagues = $state.raw<readonly { id: string; name: string }[]>([]);
  /** The secret of a link that was just made: it is shown once. */
  secret = $state<string | null>(null);

  constructor(
    readonly project: string,
    session: Session,
    lang: () => Lang,
  ) {
    super(session, lang);
  }

  get path(): string {
    return `/api/projects/${this.project}`;
  }

  read(): Promise<boolean> {
    return this.attempt(async () => {
      this.agency = await this.session.wire.ask<Agency>(`${this.path}/agency`);
    });
  }

  readColleagues(): Promise<boolean> {
    return this.attempt(async () => {
      const { colleagues } = await this.session.wire.ask<{ colleagues: { id: string; name: string }[] }>(
        `${this.path}/colleagues`,
      );
      this.colleagues = colleagues;
    });
  }

  /** Sends a change; body may take a while to read a file. */
  change(path: string, body: Body): Promise<boolean> {
    return this.attempt(async () => {
      const sent = typeof body === 'function' ? await body() : body;
      this.agency = await this.sender.post<Agency>(this.path + path, sent);
    });
  }

  makeLink(): Promise<boolean> {
    return this.attempt(async () => {
      const made = await this.session.wire.ask<MadeLink>(`${this.path}/firm-link`, {
        method: 'POST',
        body: {},
      });
      this.secret = `${location.origin}/#firm=${made.link}`;
      this.agency = made.agency;
    });
  }
}

/** What the reader has to do today as an agent. */
export class MyDay extends Attempts {
  day = $state.raw<AgentDay | null>(null);

  read(): Promise<boolean> {
    return this.attempt(async () => {
      this.day = await this.session.wire.ask<AgentDay>('/api/my/day');
    });
  }

  bringOn(project: string, step: string, body: () => Promise<object>): Promise<boolean> {
    return this.attempt(async () => {
      await this.sender.post<FlowStatus>(
        `/api/projects/${project}/flow/steps/${encodeURIComponent(step)}/photo`,
        await body(),
      );
      this.day = await this.session.wire.ask<AgentDay>('/api/my/day');
    });
  }
}

/** Meetings, and the problems for them. */
export class MeetingList extends Attempts {
  list = $state.raw<Meetings | null>(null);

  read(): Promise<boolean> {
    return this.attempt(async () => {
      this.list = await this.session.wire.ask<Meetings>('/api/meetings');
    });
  }

  change(path: string, body: object): Promise<boolean> {
    return this.attempt(async () => {
      this.list = await this.sender.post<Meetings>(`/api/meetings${path}`, body);
    });
  }

  /** Notes what becomes of a problem. */
  turn(project: string, n: number, body: Body): Promise<boolean> {
    return this.attempt(async () => {
      const sent = typeof body === 'function' ? await body() : body;
      await this.sender.post<Agency>(`/api/projects/${project}/problems/${n}/turns`, sent);
      this.list = await this.session.wire.ask<Meetings>('/api/meetings');
    });
  }
}

import type { Figures, FlowPlan, FlowStatus, FlowTemplate, FlowTemplateEdition } from '../core/api';
import { Refusal, type Wire } from '../core/wire';
import type { Session } from '../state/session.svelte';

/** What is noted of a step, as the server takes it. */
export interface Noting {
  step: string;
  kind: string;
  day: string;
  special?: string;
  notice?: number;
  document?: string;
}

/** The day as of which approvals are told, '' being today, and how another is looked at. */
export interface AsOf {
  on: () => string;
  look: (on: string) => void;
}

/** The approvals of one project: what was read, and what is changed. */
export class Approval {
  status = $state.raw<FlowStatus | null>(null);
  templates = $state.raw<readonly FlowTemplate[]>([]);
  figures = $state.raw<Figures | null>(null);
  private rows = '';
  busy = $state(false);
  problem = $state<string | null>(null);
  private readonly wire: Wire;
  /** The key of a change that was sent and not answered, by what was sent: sent again it is made once. */
  private sent: { text: string; key: string } | null = null;

  constructor(
    readonly project: string,
    readonly district: string,
    private readonly session: Session,
    private readonly asOf: AsOf,
  ) {
    this.wire = session.wire;
  }

  get on(): string {
    return this.asOf.on();
  }

  private get path(): string {
    return `/api/projects/${this.project}/flow`;
  }

  async read(signal: AbortSignal): Promise<void> {
    try {
      const status = await this.wire.ask<FlowStatus>(`${this.path}${this.on && `?on=${this.on}`}`, {
        signal,
      });
      this.problem = null;
      this.status = status;
      await this.followFigures();
    } catch (error) {
      if (!signal.aborted) this.problem = this.session.say(error);
    }
  }

  /** Reads the figures of all flows, and the rows behind one of them. */
  async readFigures(rows = ''): Promise<void> {
    this.rows = rows;
    const query = new URLSearchParams({ ...(this.on && { on: this.on }), ...(rows && { rows }) });
    await this.attempt(async () => {
      this.figures = await this.wire.ask<Figures>(`/api/approvals/figures?${query}`);
    });
  }

  /** Figures that are shown are told as of the same day, and after each change. */
  private async followFigures(): Promise<void> {
    if (this.figures) await this.readFigures(this.rows);
  }

  async readTemplates(): Promise<void> {
    await this.attempt(async () => {
      const path = `/api/flow-templates?district=${encodeURIComponent(this.district)}`;
      this.templates = (await this.wire.ask<{ templates: FlowTemplate[] }>(path)).templates;
    });
  }

  plan(template: string, start: string, without: readonly string[], signal: AbortSignal): Promise<FlowPlan> {
    const query = new URLSearchParams({ district: this.district, start });
    if (without.length > 0) query.set('without', without.join(','));
    return this.wire.ask(`/api/flow-templates/${encodeURIComponent(template)}/plan?${query}`, { signal });
  }

  edition(template: string, revision: number | null): Promise<FlowTemplateEdition> {
    const query = new URLSearchParams({
      district: this.district,
      ...(revision !== null && { revision: String(revision) }),
    });
    return this.wire.ask(`/api/flow-templates/${encodeURIComponent(template)}?${query}`);
  }

  /** Keeps a template: a new one, or the edition after the one that was seen. Whether it was kept. */
  keepTemplate(template: unknown, code: string, seen: number | null): Promise<boolean> {
    const district = `district=${encodeURIComponent(this.district)}`;
    return this.attempt(async () => {
      if (seen === null) await this.post(`/api/flow-templates?${district}`, { template });
      else
        await this.wire.ask(`/api/flow-templates/${encodeURIComponent(code)}?${district}`, {
          method: 'PUT',
          body: { template },
          headers: { 'If-Match': `"${seen}"` },
        });
    });
  }

  start(template: string, start: string, without: readonly string[]): Promise<boolean> {
    return this.change('', { template, start, ...(without.length > 0 && { without }) });
  }

  note(event: Noting): Promise<boolean> {
    return this.change('/events', event);
  }

  retract(n: number, reason: string): Promise<boolean> {
    return this.change(`/events/${n}/retract`, { reason });
  }

  retire(reason: string): Promise<boolean> {
    const seen = this.status?.flow?.revision ?? 0;
    return this.attempt(async () => {
      this.status = await this.wire.ask<FlowStatus>(`${this.path}/retire`, {
        method: 'POST',
        body: { reason },
        headers: { 'If-Match': `"${seen}"` },
      });
    });
  }

  /** Sends a change; the answer is the flow as of today. Whether it was made. */
  private change(path: string, body: object): Promise<boolean> {
    return this.attempt(async () => {
      this.status = await this.post<FlowStatus>(this.path + path, body);
      if (this.on) this.asOf.look('');
      else await this.followFigures();
    });
  }

  private async post<T>(path: string, body: object): Promise<T> {
    const text = path + JSON.stringify(body);
    if (this.sent?.text !== text) this.sent = { text, key: crypto.randomUUID() };
    try {
      const headers = { 'Idempotency-Key': this.sent.key };
      const answer = await this.wire.ask<T>(path, { method: 'POST', body, headers });
      this.sent = null;
      return answer;
    } catch (error) {
      if (error instanceof Refusal) this.sent = null;
      throw error;
    }
  }

  private async attempt(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      await work();
      return true;
    } catch (error) {
      this.problem = this.session.say(error);
      return false;
    } finally {
      this.busy = false;
    }
  }
}

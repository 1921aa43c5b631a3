import { createContext, untrack } from 'svelte';
import type { FactList, TallyList, TallyRow, TallyRows } from '../core/api';
import { Refusal, wordsOf } from '../core/wire';
import type { Words } from '../kit/words.svelte';
import type { Link } from '../state/link.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Session } from '../state/session.svelte';
import { figuresAtStart, figuresLink, type FiguresAt } from './link';

/** What the figures need of the page. */
interface Around {
  link: Link;
  panels: Panels;
  session: Session;
  words: Words;
}

/** Figures of the district's projects as of a day, and the projects behind each. */
export class Figures {
  at = $state.raw<FiguresAt>(figuresAtStart);
  answer = $state.raw<TallyList | null>(null);
  facts = $state.raw<FactList | null>(null);
  rows = $state.raw<TallyRow[] | null>(null);
  /** The projects behind a figure of facts, by its name. */
  behind = $state.raw<{ figure: string; rows: TallyRow[] } | null>(null);
  /** Where the next page of the rows begins; null: these are all. */
  next = $state<number | null>(null);
  problem = $state<string | null>(null);
  private reading = new AbortController();

  constructor(private readonly use: Around) {}

  readonly shown = $derived.by(() => this.use.panels.open === 'figures');

  addLink(): void {
    this.use.link.add(
      figuresLink,
      () => (this.shown ? this.at : null),
      (at) => {
        const { panels } = this.use;
        if (at) {
          panels.put('figures');
          this.at = at;
        } else if (this.shown) panels.put(null);
      },
    );
  }

  /** Keeps itself read while the panel is open. Call while a component starts. */
  follow(): void {
    $effect(() => {
      void this.at;
      void this.use.session.account;
      untrack(() => void this.read());
    });
  }

  change(part: Partial<FiguresAt>): void {
    this.at = { ...this.at, key: null, ...part };
    this.use.link.note();
  }

  /** Opens or closes the projects behind a figure of facts. */
  async open(figure: string): Promise<void> {
    if (this.behind?.figure === figure) {
      this.behind = null;
      return;
    }
    const { on, by } = this.at;
    const query = new URLSearchParams({ by, figure, ...(on && { on }) });
    try {
      const path = `/api/figures/facts/projects?${query.toString()}`;
      const { projects } = await this.use.session.wire.ask<{ projects: TallyRow[] }>(path);
      this.behind = { figure, rows: projects };
    } catch (error) {
      this.problem = error instanceof Refusal ? wordsOf(error) : this.use.words.t('web.match.silence');
    }
  }

  /** Adds the next page of the rows. */
  async more(): Promise<void> {
    const { signal } = this.reading;
    const { on, by, key } = this.at;
    if (this.next === null || key === null) return;
    const query = new URLSearchParams({ by, key: key || '-', from: String(this.next), ...(on && { on }) });
    try {
      const rows = await this.use.session.wire.ask<TallyRows>(`/api/figures/projects?${query.toString()}`, {
        signal,
      });
      if (signal.aborted) return;
      this.rows = [...(this.rows ?? []), ...rows.projects];
      this.next = rows.next;
    } catch (error) {
      if (!signal.aborted) this.problem = this.use.session.say(error);
    }
  }

  private async read(): Promise<void> {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    const { on, by, key } = this.at;
    const query = new URLSearchParams({ by, ...(on && { on }) });
    try {
      const { wire } = this.use.session;
      const [answer, facts] = await Promise.all([
        wire.ask<TallyList>(`/api/figures?${query.toString().replace('by=team', 'by=tag')}`, { signal }),
        wire.ask<FactList>(`/api/figures/facts?${query.toString()}`, { signal }),
      ]);
      if (key !== null) query.set('key', key || '-');
      const path = `/api/figures/${by === 'team' ? 'facts/' : ''}projects?${query.toString()}`;
      const rows = key === null ? null : await wire.ask<Partial<TallyRows>>(path, { signal });
      if (signal.aborted) return;
      this.answer = answer;
      this.facts = facts;
      this.behind = null;
      this.rows = rows?.projects ?? null;
      this.next = rows?.next ?? null;
      this.problem = null;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Refusal ? wordsOf(error) : this.use.words.t('web.match.silence');
    }
  }
}

export const [useFigures, provideFigures] = createContext<Figures>();

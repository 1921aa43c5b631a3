import { createContext, untrack } from 'svelte';
import { readChain, type Chain as Answer, type FilledNode, type Gap } from '../core/chain';
import type { HeatQuestion } from '../core/heat';
import { startNeed } from '../core/need';
import { Refusal } from '../core/wire';
import { Heat } from '../siting/heat.svelte';
import { chainLink } from './link';
import { wordsOf } from '../core/wire';
import type { Words } from '../kit/words.svelte';
import type { Siting } from '../siting/siting.svelte';
import type { Land } from '../state/land.svelte';
import type { Link } from '../state/link.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Session } from '../state/session.svelte';

/** How much nearness to suppliers and customers counts when a site is sought for a gap; its area counts 1. */
const SHARE = '3';

/** What the chain needs of the page. */
interface Around {
  land: Land;
  link: Link;
  panels: Panels;
  session: Session;
  siting: Siting;
  words: Words;
}

/**
 * The industry chain: who fills it in the open park, where it has gaps, and where each missing piece would best
 * stand.
 */
export class Chain {
  problem = $state<string | null>(null);
  /** The gap whose surface is shown. */
  node = $state<string | null>(null);
  private whole = $state.raw<{ park: string; answer: Answer } | null>(null);
  private reading = new AbortController();
  readonly heat: Heat;

  constructor(private readonly use: Around) {
    this.heat = new Heat(this, use);
  }

  readonly shown = $derived.by(() => this.use.panels.open === 'chain');
  /** The chain as filled in the park that is open. */
  readonly answer = $derived.by(() =>
    this.whole?.park === this.use.land.park?.code ? (this.whole?.answer ?? null) : null,
  );
  readonly byCode = $derived.by(() => new Map(this.answer?.nodes.map((node) => [node.code, node]) ?? []));
  /** What stands in the link: null where the panel is closed, "" where no gap's surface is shown. */
  readonly link = $derived.by(() => (this.shown ? (this.node ?? '') : null));

  get wording(): HeatQuestion | null {
    const park = this.use.land.park?.code;
    if (!park || !this.node) return null;
    const { at } = this.use.land.from();
    return { park, chain_node: this.node, ...(at && { at }) };
  }

  /** Keeps itself read while the panel is open. Call while a component starts. */
  follow(): void {
    const { use } = this;
    const park = $derived(this.shown && use.land.content ? use.land.park?.code : undefined);
    $effect(() => {
      void use.land.seq;
      void use.land.may.see;
      void use.land.past;
      if (park) untrack(() => void this.read(park));
    });
  }

  private async read(park: string): Promise<void> {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    try {
      const answer = await readChain(this.use.session.wire, park, signal);
      if (signal.aborted) return;
      this.whole = { park, answer };
      this.problem = null;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Refusal ? wordsOf(error) : this.use.words.t('web.match.silence');
      return;
    }
    if (!this.answer?.gaps.some(({ node }) => node === this.node)) this.lay();
    else await this.heat.raise();
  }

  /** Adds the chain to the address. */
  addLink(): void {
    this.use.link.add(
      chainLink,
      () => this.link,
      (link) => this.restore(link),
    );
  }

  /** Takes over what a link asks for. */
  private restore(link: string | null): void {
    const { panels } = this.use;
    if (link === null) {
      if (this.shown) panels.put(null);
      return;
    }
    panels.put('chain');
    this.node = link || null;
  }

  /** Shows where a gap would best be filled, or takes it away again. */
  toggle({ node }: Gap): void {
    if (this.node === node) this.lay();
    else {
      this.heat.lay();
      this.node = node;
      void this.heat.raise();
    }
    this.use.link.note();
  }

  lay(): void {
    this.node = null;
    this.heat.lay();
  }

  close(): void {
    this.use.panels.put(null);
    this.use.link.note();
  }

  /** Opens the search for a site with the gap's piece of the chain filled in. */
  seek({ node }: Gap): void {
    const { siting, panels } = this.use;
    siting.clear();
    siting.need = { ...startNeed, node, share: SHARE };
    panels.put('match');
    this.use.link.note();
  }

  nameOf(code: string): string {
    return this.byCode.get(code)?.name[this.use.words.lang] ?? code;
  }

  filled({ tenants, pipeline }: FilledNode): boolean {
    return tenants.length > 0 || pipeline > 0;
  }
}

export const [useChain, provideChain] = createContext<Chain>();

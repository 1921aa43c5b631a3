import { untrack } from 'svelte';
import { readChain, type Chain as Answer, type FilledNode, type Gap } from '../core/chain';
import type { HeatQuestion } from '../core/heat';
import { startNeed } from '../core/need';
import { Refusal } from '../core/wire';
import type { Desk } from '../state/desk.svelte';
import { Heat } from '../siting/heat.svelte';
import { wordsOf } from '../state/planner.svelte';

/** How much nearness to suppliers and customers counts when a site is sought for a gap; its area counts 1. */
const SHARE = '3';

/** The industry chain: who fills it in the open park, where it has gaps, and where each missing piece would best stand. */
export class Chain {
  problem = $state<string | null>(null);
  /** The gap whose surface is shown. */
  node = $state<string | null>(null);
  private whole = $state.raw<{ park: string; answer: Answer } | null>(null);
  private reading = new AbortController();
  readonly heat: Heat;

  constructor(readonly desk: Desk) {
    this.heat = new Heat(this);
  }

  readonly shown = $derived.by(() => this.desk.planner.panel === 'chain');
  /** The chain as filled in the park that is open. */
  readonly answer = $derived.by(() =>
    this.whole?.park === this.desk.park?.code ? (this.whole?.answer ?? null) : null,
  );
  readonly byCode = $derived.by(() => new Map(this.answer?.nodes.map((node) => [node.code, node]) ?? []));
  /** What stands in the link: null where the panel is closed, "" where no gap's surface is shown. */
  readonly link = $derived.by(() => (this.shown ? (this.node ?? '') : null));

  get wording(): HeatQuestion | null {
    const park = this.desk.park?.code;
    if (!park || !this.node) return null;
    const { at } = this.desk.planner.from();
    return { park, chain_node: this.node, ...(at && { at }) };
  }

  /** Keeps itself read while the panel is open. Call while a component starts. */
  follow(): void {
    const { desk } = this;
    const park = $derived(this.shown && desk.content ? desk.park?.code : undefined);
    $effect(() => {
      void desk.others.seq;
      void desk.planner.may.see;
      void desk.planner.past;
      if (park) untrack(() => void this.read(park));
    });
  }

  private async read(park: string): Promise<void> {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    try {
      const answer = await readChain(this.desk.planner.wire, park, signal);
      if (signal.aborted) return;
      this.whole = { park, answer };
      this.problem = null;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Refusal ? wordsOf(error) : this.desk.t('web.match.silence');
      return;
    }
    if (!this.answer?.gaps.some(({ node }) => node === this.node)) this.lay();
    else await this.heat.raise();
  }

  /** Takes over what a link asks for. */
  restore(link: string | null): void {
    const { planner } = this.desk;
    if (link === null) {
      if (this.shown) planner.panel = 'none';
      return;
    }
    planner.panel = 'chain';
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
    this.desk.note();
  }

  lay(): void {
    this.node = null;
    this.heat.lay();
  }

  close(): void {
    this.desk.planner.panel = 'none';
    this.desk.note();
  }

  /** Opens the search for a site with the gap's piece of the chain filled in. */
  seek({ node }: Gap): void {
    const { siting, planner } = this.desk;
    siting.clear();
    siting.need = { ...startNeed, node, share: SHARE };
    planner.panel = 'match';
    this.desk.note();
  }

  nameOf(code: string): string {
    return this.byCode.get(code)?.name[this.desk.lang] ?? code;
  }

  filled({ tenants, pipeline }: FilledNode): boolean {
    return tenants.length > 0 || pipeline > 0;
  }
}

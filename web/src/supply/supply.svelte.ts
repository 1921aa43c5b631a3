import { createContext, untrack } from 'svelte';
import { instantOf } from '../core/past';
import { readNode, readSupply, type NodeSupply, type Supply } from '../core/supply';
import type { Land } from '../state/land.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';

/** What is promised of the park's services, kept in step with its changes. */
export class Supplies {
  supply = $state.raw<Supply | null>(null);
  /** The node that is open. */
  node = $state.raw<NodeSupply | null>(null);
  private reading = new AbortController();

  constructor(private readonly use: { land: Land; selection: Selection; session: Session }) {}

  /** Keeps itself read while a component lives. Call while it starts. */
  follow(): void {
    const { use } = this;
    const park = $derived(use.land.content ? use.land.park?.code : undefined);
    const open = $derived(use.selection.selected?.of === 'network' ? use.selection.selected.id : null);
    $effect(() => {
      void use.land.seq;
      void use.land.may.see;
      const node = open;
      const { past } = use.land;
      const at = past ? instantOf(past, use.land.timeZone) : undefined;
      if (park) untrack(() => void this.read(park, node, at));
    });
  }

  /** The ledger's part that is a node's; undefined where it gives no service. */
  of(id: string): Supply['services'] {
    return (this.supply?.services ?? []).flatMap((total) => {
      const nodes = total.nodes.filter((node) => node.id === id);
      return nodes.length > 0 ? [{ ...total, nodes }] : [];
    });
  }

  private async read(park: string, open: string | null, at: string | undefined): Promise<void> {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    const { wire } = this.use.session;
    try {
      this.supply = await readSupply(wire, park, at, signal);
      const gives = open !== null && this.of(open).length > 0;
      const node = gives ? await readNode(wire, park, open, at, signal) : null;
      if (!signal.aborted) this.node = node;
    } catch {
      // what is shown stays; the next change reads anew
    }
  }
}

export const [useSupplies, provideSupplies] = createContext<Supplies>();

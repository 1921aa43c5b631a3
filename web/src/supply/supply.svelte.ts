import { untrack } from 'svelte';
import { instantOf } from '../core/past';
import { readNode, readSupply, type NodeSupply, type Supply } from '../core/supply';
import type { Desk } from '../state/desk.svelte';

/** What is promised of the park's services, kept in step with its changes. */
export class Ledger {
  supply = $state.raw<Supply | null>(null);
  /** The node that is open. */
  node = $state.raw<NodeSupply | null>(null);
  private reading = new AbortController();

  constructor(private readonly desk: Desk) {}

  /** Keeps itself read while a component lives. Call while it starts. */
  follow(): void {
    const { desk } = this;
    const park = $derived(desk.content ? desk.park?.code : undefined);
    const open = $derived(desk.selected?.of === 'network' ? desk.selected.id : null);
    $effect(() => {
      void desk.others.seq;
      void desk.planner.may.see;
      const node = open;
      const { past } = desk.planner;
      const at = past ? instantOf(past, desk.planner.timeZone) : undefined;
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
    const { wire } = this.desk.planner;
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

import { createContext, untrack } from 'svelte';
import type { BBox } from '../core/feed';
import { instantOf } from '../core/past';
import {
  nodesOf,
  readNear,
  readNode,
  readSupply,
  type NodeOf,
  type NodeSupply,
  type Supply,
} from '../core/supply';
import type { Land } from '../state/land.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Session } from '../state/session.svelte';
import type { Sight } from '../state/sight.svelte';

/** Lowest zoom at which the map shows what nodes have left, of so many that tiles draw them. */
const NODES_FROM = 15;
/** Of a park with too many nodes to read, so many are listed of each service. */
const LISTED = 100;

/** What is seen between the panels, and as much again around it: the map goes on under them. */
function widened([west, south, east, north]: BBox): BBox {
  const [across, up] = [(east - west) / 2, (north - south) / 2];
  return [west - across, south - up, east + across, north + up];
}

/**
 * What is promised of the park's services, kept in step with its changes. Of a park whose networks tiles draw, the
 * nodes in sight are read, the one that is open, and for the panel the first of each service.
 */
export class Supplies {
  supply = $state.raw<Supply | null>(null);
  /** The node that is open. */
  node = $state.raw<NodeSupply | null>(null);
  /** The nodes in sight, where not all are here. */
  private near = $state.raw<readonly NodeOf[]>([]);
  private reading = new AbortController();
  private looking = new AbortController();

  constructor(
    private readonly use: {
      land: Land;
      panels: Panels;
      selection: Selection;
      session: Session;
      sight: Sight;
    },
  ) {}

  /** The nodes that the map shows. */
  readonly drawn = $derived.by<readonly NodeOf[]>(() => {
    if (this.use.land.isTiled('networks')) return this.near;
    return this.supply ? nodesOf(this.supply) : [];
  });

  /** Keeps itself read while a component lives. Call while it starts. */
  follow(): void {
    const { land, panels, selection, sight } = this.use;
    // of a large park it is not known before whether all nodes may be read
    const park = $derived(land.content && (land.whole || land.content.tiled) ? land.park?.code : undefined);
    const open = $derived(selection.selected?.of === 'network' ? selection.selected.id : null);
    const few = $derived(land.isTiled('networks'));
    const at = $derived(land.past ? instantOf(land.past, land.timeZone) : undefined);
    const listed = $derived(!few || panels.open === 'supply');
    // whether it gives a service is told by the network, once that is here
    const gives = $derived(
      few && land.networks.some(({ id, geometry }) => id === open && geometry.type === 'Point'),
    );
    $effect(() => {
      void [land.seq, land.may.see];
      const asked = { node: open, gives, listed, few };
      const [code, moment] = [park, at];
      untrack(() => {
        if (code === undefined) this.forget();
        else void this.read(code, asked, moment);
      });
    });
    $effect(() => {
      void [land.seq, land.may.see];
      const { box, view } = sight;
      const seen = few && box && view && view.zoom >= NODES_FROM ? widened(box) : null;
      const moment = at;
      if (park) untrack(() => void this.look(park, seen, moment));
    });
  }

  /** The ledger's part that is a node's; undefined where it gives no service. */
  of(id: string): Supply['services'] {
    const partOf = (supply: Pick<Supply, 'services'> | null): Supply['services'] =>
      (supply?.services ?? []).flatMap((total) => {
        const nodes = total.nodes.filter((node) => node.id === id);
        return nodes.length > 0 ? [{ ...total, nodes }] : [];
      });
    const listed = partOf(this.supply);
    return listed.length > 0 ? listed : partOf(this.node);
  }

  /** Another park is being opened: the figures are of the one that was left. */
  private forget(): void {
    this.reading.abort();
    this.looking.abort();
    this.supply = this.node = null;
    this.near = [];
  }

  private async read(
    park: string,
    { node, gives, listed, few }: { node: string | null; gives: boolean; listed: boolean; few: boolean },
    at: string | undefined,
  ): Promise<void> {
    this.reading.abort();
    this.reading = new AbortController();
    const { signal } = this.reading;
    const { wire } = this.use.session;
    try {
      const supply = listed ? await readSupply(wire, park, at, signal, few ? LISTED : undefined) : null;
      if (signal.aborted) return;
      this.supply = supply;
      const asks = node !== null && (gives || this.of(node).length > 0);
      const opened = asks ? await readNode(wire, park, node, at, signal) : null;
      if (!signal.aborted) this.node = opened;
    } catch {
      // what is shown stays; the next change reads anew
    }
  }

  private async look(park: string, box: BBox | null, at: string | undefined): Promise<void> {
    this.looking.abort();
    this.looking = new AbortController();
    const { signal } = this.looking;
    if (!box) {
      this.near = [];
      return;
    }
    try {
      const near = await readNear(this.use.session.wire, park, box, at, signal);
      if (!signal.aborted) this.near = near;
    } catch {
      // what is shown stays; the next move reads anew
    }
  }
}

export const [useSupplies, provideSupplies] = createContext<Supplies>();

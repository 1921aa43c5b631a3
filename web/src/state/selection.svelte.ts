import { createContext } from 'svelte';
import type { ThingKind } from '../core/collection';
import type { TiledFeed } from '../core/layertiles';
import type { DeskParcel } from '../core/orders';
import type { Glimpse } from '../core/parcels';
import type { Notice } from '../kit/notice.svelte';
import type { Words } from '../kit/words.svelte';
import type { Land } from './land.svelte';
import type { Link } from './link.svelte';
import type { Sight } from './sight.svelte';

/** A thing on the map. */
export interface Found {
  of: ThingKind | 'park';
  id: string;
  /** Which of the public's collections has it, where that is known. */
  feed?: TiledFeed;
  /** What the map knows of a parcel that the page may have to ask for. */
  seen?: Glimpse;
}

/** Work that must not lose what it is about: an order. */
export interface UnderWay {
  readonly underWay: boolean;
  cancel(): void;
}

/** Reads the facts of the parcel that is selected. */
export interface Facts {
  drop(): void;
  read(parcel: string): void;
}

/** What is selected on the map, and which parcels a planner has picked. */
export class Selection {
  selected = $state.raw<Found | null>(null);
  hovered = $state.raw<Found | null>(null);
  /** What a screen reader says of it. */
  spoken = $state('');
  picked = $state.raw<readonly string[]>([]);
  /** Each click adds to what is picked: for hands without a Shift key. */
  several = $state(false);

  /** The parcels picked, as they are now. */
  readonly chosen = $derived.by<DeskParcel[]>(() => {
    const ids = new Set(this.picked);
    return this.land.deskParcels.filter(({ id }) => ids.has(id));
  });
  /** The parcel that is selected. */
  readonly parcel = $derived.by(() => (this.selected?.of === 'parcel' ? this.selected.id : null));

  order: UnderWay = { underWay: false, cancel: () => {} };
  /** Called with another park that was clicked. */
  onPark: (id: string) => void = () => {};
  /** Called before something is selected: what stands in its place gives way. */
  onSelect: () => void = () => {};
  facts: Facts = { drop: () => {}, read: () => {} };

  constructor(
    private readonly land: Land,
    private readonly link: Link,
    private readonly sight: Sight,
    private readonly notice: Notice,
    private readonly words: Words,
  ) {
    land.onLeave(() => {
      this.picked = [];
      this.several = false;
    });
  }

  /** Whether an order keeps the selection as it is; it is told. */
  get kept(): boolean {
    if (this.order.underWay) this.notice.tell(this.words.t('web.order.open'));
    return this.order.underWay;
  }

  select(found: Found | null, { fly = false, more = false } = {}): void {
    if (this.kept) return;
    if (found?.of === 'park') {
      this.onPark(found.id);
      return;
    }
    if (more && found?.of === 'parcel' && this.land.may.plan) {
      this.toggle(found.id);
      return;
    }
    if (found) this.onSelect();
    const parcel = found?.of === 'parcel' ? found.id : null;
    this.pick(parcel);
    if (!this.is(found)) this.take(found);
    // asked for again: the keyboard goes there again
    else if (fly && parcel) this.selected = found;
    // before the map moves, which writes its view into the step that is current
    this.link.note();
    if (parcel) this.follow(parcel, fly);
  }

  /** Of a large park, what is known of a parcel follows its selection. */
  private follow(parcel: string, fly: boolean): void {
    if (this.land.parcelById.has(parcel)) {
      if (fly) this.sight.flyTo(parcel);
      return;
    }
    void this.land.know([parcel]).then(() => {
      if (this.parcel !== parcel) return;
      if (fly) this.sight.flyTo(parcel);
      this.link.renote();
    });
  }

  /** What the reader clicked: one parcel alone, or one more or one fewer of several. */
  pick(id: string | null, more = false): void {
    if (id === null) this.picked = [];
    else if (!more && !this.several) this.picked = [id];
    else if (this.picked.includes(id)) this.picked = this.picked.filter((each) => each !== id);
    else this.picked = [...this.picked, id];
  }

  /** Picks one more, or one fewer. */
  toggle(id: string): void {
    if (this.kept) return;
    this.pick(id, true);
    const last = this.picked.at(-1);
    void this.land.know(this.picked);
    this.show(last ? { of: 'parcel', id: last } : null);
  }

  /** Opens a parcel's facts, or none, leaving alone what is picked. */
  show(found: Found | null): void {
    if (found?.id === this.selected?.id) return;
    this.take(found);
    this.link.note();
  }

  /** Selects without touching the link. */
  take(found: Found | null): void {
    this.selected = found;
    this.facts.drop();
    if (this.parcel) this.facts.read(this.parcel);
  }

  /** The park was read anew: what is selected is taken anew, or is gone. */
  renew(): void {
    const { selected } = this;
    if (selected?.of !== 'parcel') return;
    if (this.land.parcelById.has(selected.id)) this.take(selected);
    else this.select(null);
  }

  /** Others changed parcels, or with null any of them: what is open of them stays open, as it is now. */
  changed(parcels: ReadonlyMap<string, unknown> | null): void {
    const open = this.parcel;
    if (open === null || (parcels && !parcels.has(open))) return;
    if (this.land.parcelById.has(open)) this.facts.read(open);
    else if (!this.order.underWay) this.take(null);
  }

  private is(found: Found | null): boolean {
    return found?.id === this.selected?.id && found?.of === this.selected?.of;
  }
}

export const [useSelection, provideSelection] = createContext<Selection>();

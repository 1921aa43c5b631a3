import { createContext } from 'svelte';
import type { BBox, Park } from '../core/feed';
import type { Past } from '../core/past';
import type { View } from '../core/view';
import type { Notice } from '../kit/notice.svelte';
import type { Words } from '../kit/words.svelte';
import type { Browse } from './browse.svelte';
import type { Land } from './land.svelte';
import type { Link, Step } from './link.svelte';
import { defaultPark, parcelLink, parkLink, pastLink, viewLink } from './links';
import type { Look } from './look.svelte';
import { panels as known, type Panels } from './panel.svelte';
import type { Found, Selection } from './selection.svelte';
import type { Sight } from './sight.svelte';

/** Where a link leads within a park. */
interface Goal {
  parcel: string | null;
  view: View | null;
}

/** The stores that a walk leads through. */
interface Around {
  browse: Pick<Browse, 'reset'>;
  land: Land;
  link: Link;
  look: Look;
  notice: Notice;
  panels: Panels;
  selection: Selection;
  sight: Sight;
  words: Words;
}

/** The ways through the page: from a link, to another park, to a parcel, to another day, back and forward. */
export class Walk {
  constructor(private readonly use: Around) {
    use.selection.onPark = (id) => this.enterPark(id);
  }

  /** Adds the place of the walk to the address. */
  addLink(): void {
    const { land, link, selection, sight } = this.use;
    link.add(parkLink, () => land.park?.code ?? null);
    link.add(parcelLink, () => land.parcelById.get(selection.parcel ?? '')?.properties.code ?? null);
    link.add(viewLink, () => sight.view);
  }

  addPastLink(): void {
    const { land, link } = this.use;
    link.add(
      pastLink,
      () => land.past,
      (past) => (land.past = past),
    );
  }

  /** Opens the park that an address names. */
  async start(query: URLSearchParams): Promise<void> {
    addEventListener('popstate', ({ state }) => {
      void this.restore(new URLSearchParams(location.search), (state as Step | null) ?? {});
    });
    if (await this.use.land.readParks()) await this.open(this.parkFor(parkLink.read(query)), goalOf(query));
  }

  /** Opens a park that the reader chose. */
  async choosePark(code: string): Promise<void> {
    const { browse, land, link, sight } = this.use;
    if (code === land.park?.code) {
      sight.fitPark(true);
      return;
    }
    browse.reset();
    land.leave();
    await this.open(land.parks.find((park) => park.code === code) ?? null, nowhere, () => {
      link.live = true;
      link.note();
    });
  }

  /** A click on another park opens it; one on the open park's own ground clears the selection. */
  private enterPark(id: string): void {
    const { land, selection } = this.use;
    const code = land.shapes.find((shape) => shape.id === id)?.properties.code;
    if (code && code !== land.park?.code) void this.choosePark(code);
    else selection.select(null);
  }

  /** Opens a parcel of any park, as a search hit names it. */
  async visit(park: string, id: string): Promise<void> {
    const { land, selection } = this.use;
    if (!(await this.arrive(park))) return;
    // a parcel that was just made is on its way
    if (!land.parcelById.has(id)) await land.settled();
    selection.select({ of: 'parcel', id }, { fly: true });
    this.use.link.live = land.phase === 'ready';
  }

  /** Opens a thing beside the parcels of any park, or none, and looks at where it is. */
  async visitThing(park: string, found: Found | null, box: BBox): Promise<void> {
    const { land, link, selection, sight } = this.use;
    if (!(await this.arrive(park))) return;
    selection.select(found);
    sight.fit(box);
    link.live = land.phase === 'ready';
    link.note();
  }

  /** Shows the map of a park, without a step in the history; false where an order keeps the page as it is. */
  private async arrive(park: string): Promise<boolean> {
    const { browse, land, look, panels, selection } = this.use;
    if (selection.kept) return false;
    look.showMap();
    panels.put(null);
    if (park !== land.park?.code) {
      const there = land.parks.find((each) => each.code === park || each.id === park);
      browse.reset();
      // the address follows when something is selected: that is one step of the history
      await this.open(there ?? null, nowhere, () => {});
    }
    return true;
  }

  async travel(past: Past | null): Promise<void> {
    const { land, link, selection } = this.use;
    if (past === land.past) return;
    selection.order.cancel();
    land.past = past;
    link.note();
    await land.reread();
  }

  private async open(
    park: Park | null,
    goal: Goal,
    arrive: () => void = () => {
      this.use.link.live = true;
      this.use.link.renote();
    },
  ): Promise<void> {
    const { land, link, selection, sight } = this.use;
    if (!park) return;
    const entering = land.enter(park);
    link.live = false;
    selection.take(null);
    sight.place(park, goal.view);
    if (!(await entering)) return;
    if (goal.parcel) {
      await land.knowCodes([goal.parcel]);
      if (land.park?.code !== park.code) return;
      this.selectByCode(goal.parcel, goal.view === null);
    }
    arrive();
    land.follow();
  }

  private selectByCode(code: string, fly: boolean): void {
    const { notice, selection, sight, words } = this.use;
    const id = this.parcelOf(code);
    if (!id) {
      notice.tell(words.t('web.state.unknownparcel', { code }));
      return;
    }
    selection.pick(id);
    selection.take({ of: 'parcel', id });
    if (fly) sight.flyTo(id);
  }

  private parcelOf(code: string | null): string | undefined {
    return this.use.land.parcels.find((each) => each.properties.code === code)?.id;
  }

  /** Back and forward: the address, and the panel that was open with it. */
  private async restore(query: URLSearchParams, { panel }: Step): Promise<void> {
    const { land, link, panels, selection, sight } = this.use;
    const goal = goalOf(query);
    const { past } = land;
    selection.order.cancel();
    link.take(query);
    // the map moves before the parcel is selected: the step must not be written half-way
    link.live = false;
    if (panel !== undefined) panels.put(known.find((id) => id === panel) ?? null);
    const park = this.parkFor(parkLink.read(query));
    if (park && park.code !== land.park?.code) {
      await this.open(park, goal);
      return;
    }
    if (goal.view) sight.camera?.jump(goal.view);
    if (past !== land.past) await land.reread();
    if (goal.parcel) await land.knowCodes([goal.parcel]);
    const id = this.parcelOf(goal.parcel) ?? null;
    selection.pick(id);
    selection.take(id === null ? null : { of: 'parcel', id });
    link.live = land.phase === 'ready';
    link.renote();
  }

  private parkFor(code: string | null): Park | null {
    const { parks } = this.use.land;
    const named = parks.find((park) => park.code === code);
    if (code && !named && parks.length > 0)
      this.use.notice.tell(this.use.words.t('web.state.unknownpark', { code }));
    return named ?? parks.find((park) => park.code === defaultPark) ?? parks[0] ?? null;
  }
}

const nowhere: Goal = { parcel: null, view: null };

const goalOf = (query: URLSearchParams): Goal => ({
  parcel: parcelLink.read(query),
  view: viewLink.read(query),
});

export const [useWalk, provideWalk] = createContext<Walk>();

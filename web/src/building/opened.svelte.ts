import { createContext } from 'svelte';
import type { LinkPart } from '../core/link';
import type { Link } from '../state/link.svelte';
import type { BBox } from '../core/feed';
import type { Land } from '../state/land.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Walk } from '../state/walk.svelte';

/** A building of the open park by its code, and perhaps a unit of it. */
export interface Place {
  building: string;
  unit: string | null;
}

export const openedLink: LinkPart<Place | null> = {
  read: (query) => {
    const building = query.get('building');
    return building ? { building, unit: query.get('unit') || null } : null;
  },
  write: (query, place) => {
    if (!place) return;
    query.set('building', place.building);
    if (place.unit) query.set('unit', place.unit);
  },
};

/** The building that the panel of workshops shows first; it stands in the link. */
export class Opened {
  place = $state.raw<Place | null>(null);
  /** Counts the changes of workshops that the reader made: who shows them reads them anew. */
  changes = $state(0);

  constructor(private readonly use: { land: Land; link: Link; panels: Panels; walk: Walk }) {}

  addLink(): void {
    const { link, panels } = this.use;
    link.add(
      openedLink,
      () => (panels.open === 'buildings' ? this.place : null),
      (place) => {
        this.place = place;
        if (place) panels.put('buildings');
      },
    );
  }

  /** Opens a building in its panel, at a unit where one is named: a step of the browser's history. */
  open(building: string, unit: string | null = null): void {
    this.place = { building, unit };
    this.use.panels.put('buildings');
    this.use.link.note();
  }

  /** The same of any park, whose map looks at the building where a box says where that is. */
  async visit(park: string, building: string, unit: string | null, box: BBox | null = null): Promise<void> {
    const { land, walk } = this.use;
    if (box) await walk.visitThing(park, null, box);
    else if (park !== land.park?.code) await walk.choosePark(park);
    if (park === land.park?.code) this.open(building, unit);
  }
}

export const [useOpened, provideOpened] = createContext<Opened>();

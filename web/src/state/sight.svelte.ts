import { createContext } from 'svelte';
import { boxAround } from '../core/bbox';
import type { BBox } from '../core/feed';
import type { View } from '../core/view';
import type { Land } from './land.svelte';
import type { Link } from './link.svelte';

/** What the page asks of the map, once there is one. */
export interface Camera {
  /** `closest` is the greatest zoom; without it that of a parcel. */
  fit(bbox: BBox, animate: boolean, closest?: number): void;
  /** As fit, unless all of it is in sight. */
  reveal(bbox: BBox): void;
  jump(view: View): void;
}

/** Where the map looks. */
export class Sight {
  view = $state.raw<View | null>(null);
  /** The ground between the panels, as the map last showed it; null: there is no map. */
  box = $state.raw<BBox | null>(null);
  camera: Camera | null = null;
  /** What was asked of the camera before there was one: the map's code comes later than the park may. */
  private asked: ((camera: Camera) => void) | null = null;

  constructor(
    private readonly land: Land,
    private readonly link: Link,
  ) {}

  /** There is a map now: it looks where it was told to meanwhile. */
  begin(camera: Camera): void {
    this.camera = camera;
    if (this.view) camera.jump(this.view);
    else this.fitPark(false);
    this.asked?.(camera);
    this.asked = null;
  }

  private ask(work: (camera: Camera) => void): void {
    if (this.camera) work(this.camera);
    else this.asked = work;
  }

  moved(view: View): void {
    this.view = view;
    this.link.renote();
  }

  fit(box: BBox, closest?: number): void {
    this.ask((camera) => camera.fit(box, true, closest));
  }

  fitPark(animate: boolean): void {
    if (this.land.park) this.camera?.fit(this.land.park.bbox, animate);
  }

  /** Brings parcels into sight, if they aren't. */
  reveal(ids: readonly string[]): void {
    const { parcelById } = this.land;
    const box = boxAround(ids.flatMap((id) => parcelById.get(id)?.geometry.coordinates[0] ?? []));
    if (box) this.ask((camera) => camera.reveal(box));
  }

  flyTo(id: string): void {
    const box = boxAround(this.land.parcelById.get(id)?.geometry.coordinates[0] ?? []);
    if (box) this.ask((camera) => camera.fit(box, true));
  }

  /** Where the view says nothing, the whole park. */
  place({ bbox }: { bbox: BBox }, view: View | null): void {
    if (view) this.camera?.jump(view);
    else this.camera?.fit(bbox, false);
    if (this.camera) return;
    this.view = view;
    this.asked = null;
  }
}

export const [useSight, provideSight] = createContext<Sight>();

import type { Building } from '../core/api';
import { WORKSHOPS_FROM } from '../core/view';
import type { Opened } from '../building/opened.svelte';
import type { Words } from '../kit/words.svelte';
import type { ParkMap } from '../map/parkmap';
import type { Land } from '../state/land.svelte';
import type { Session } from '../state/session.svelte';
import type { Sight } from '../state/sight.svelte';

/** What the workshops on the map hang on. */
interface Around {
  land: Land;
  opened: Opened;
  session: Session;
  sight: Sight;
  words: Words;
}

/**
 * Keeps the workshops on the map in step with the park, once the reader is near enough to see them; as the park was
 * there are none. Call while a component starts.
 */
export function workshopMap(use: Around, mapOf: () => ParkMap | null): void {
  const { land, opened, session, sight, words } = use;
  let all = $state.raw<readonly Building[]>([]);
  const near = $derived((sight.view?.zoom ?? 0) >= WORKSHOPS_FROM);
  const park = $derived(land.past || !land.content ? null : (land.park?.code ?? null));
  let read: string | null = null;

  $effect(() => {
    void [land.may.see, land.seq, opened.changes];
    if (read !== park) all = [];
    if (!near || park === null) return;
    const reading = new AbortController();
    const path = `/api/parks/${encodeURIComponent(park)}/buildings`;
    session.wire.ask<{ buildings: Building[] }>(path, { signal: reading.signal }).then(
      ({ buildings }) => {
        read = park;
        all = buildings;
        void land.know(buildings.map(({ parcel }) => parcel));
      },
      () => {}, // what is shown stays
    );
    return () => reading.abort();
  });
  $effect(() => {
    const [map, parcels, { lang }] = [mapOf(), land.parcelById, words];
    if (!map) return;
    if (all.length === 0) {
      void map.workshops([]);
      return;
    }
    let left = false;
    import('../building/standing').then(
      ({ standingOf }) => {
        if (!left) void map.workshops(standingOf(lang, all, parcels));
      },
      () => {}, // the panel of workshops tells that the page can't be fetched
    );
    return () => (left = true);
  });
}

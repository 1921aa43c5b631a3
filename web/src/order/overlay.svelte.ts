import { untrack } from 'svelte';
import type { LonLat, Parcel } from '../core/feed';
import { between, planeOf } from '../core/projection';
import type { Ground } from '../map/draw';
import type { ParkMap } from '../map/parkmap';
import type { Desk } from '../state/desk.svelte';

/** Keeps the map's marks, preview, refusal and line tool in step with what is picked and ordered. Call while a component starts. */
export function overlay(deskOf: () => Desk, mapOf: () => ParkMap | null): void {
  const desk = deskOf();
  const { planner } = desk;
  $effect(() => {
    const task = planner.task?.parcels.map(({ id }) => id);
    const ids = task && task.length > 0 ? task : planner.picked;
    const parcels = ids.map((id) => ({ of: 'parcel' as const, id }));
    const { selected } = desk;
    const alone = selected && (selected.of !== 'parcel' || parcels.length === 0) ? [selected] : [];
    void mapOf()?.mark('selected', [...parcels, ...alone]);
  });
  $effect(() => {
    const { task } = planner;
    const offered = desk.siting.shown ? [] : desk.pages.things.ghosts;
    void mapOf()?.preview(task?.ghosts ?? offered, task?.replaced ?? []);
  });
  $effect(() => void mapOf()?.people(desk.others.colleagues, desk.content?.parcels ?? []));
  $effect(() => void mapOf()?.headroom(desk.ledger.supply));
  $effect(() => void mapOf()?.refuse(planner.task?.spots ?? []));

  $effect(() => {
    const tool = mapOf()?.tool;
    const { task } = planner;
    if (!tool || !task?.draws) return;
    tool.start(
      untrack(() => groundOf(desk, task.closes ? (desk.content?.parcels ?? []) : task.parcels, task.closes)),
      untrack(() => task.draft),
      {
        changed: (draft) => task.drawn(draft),
        cancelled: () => planner.cancel(),
      },
    );
    return () => tool.stop();
  });
  $effect(() => {
    const { task } = planner;
    if (task?.draws) mapOf()?.tool.put(task.draft);
  });
}

/** A cut or a new boundary runs from side to side of the parcels it is about; a survey may be drawn along any neighbour's. */
export function groundOf(desk: Desk, beside: readonly Parcel[], closed: boolean): Ground {
  const all = desk.content?.parcels ?? [];
  const ringsOf = (parcels: readonly Parcel[]): LonLat[][] =>
    parcels.flatMap(({ geometry }) => geometry.coordinates as LonLat[][]);
  const plane = planeOf(desk.park?.survey_crs ?? null);
  return {
    vertices: ringsOf(all).flat(),
    rings: ringsOf(beside),
    along: (from, to, share) => between(plane, from, to, share),
    closed,
  };
}

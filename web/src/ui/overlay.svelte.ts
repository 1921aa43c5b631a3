import { untrack } from 'svelte';
import type { LonLat } from '../core/feed';
import type { ParkMap } from '../map/parkmap';
import type { Desk } from './desk.svelte';

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
  $effect(() => void mapOf()?.preview(planner.task?.ghosts ?? []));
  $effect(() => void mapOf()?.people(desk.others.colleagues, desk.content?.parcels ?? []));
  $effect(() => void mapOf()?.headroom(desk.ledger.supply));
  $effect(() => void mapOf()?.refuse(planner.task?.spots ?? []));

  $effect(() => {
    const tool = mapOf()?.tool;
    const { task } = planner;
    if (!tool || !task?.draws) return;
    tool.start(
      untrack(() => verticesOf(desk)),
      untrack(() => task.draft),
      {
        changed: (draft) => (task.draft = draft),
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

function verticesOf(desk: Desk): LonLat[] {
  return (desk.content?.parcels ?? []).flatMap(({ geometry }) => geometry.coordinates.flat() as LonLat[]);
}

import { untrack } from 'svelte';
import type { LonLat, Parcel } from '../core/feed';
import { between, planeOf } from '../core/projection';
import type { Ground } from '../map/draw';
import { afterPaint } from '../kit/paint';
import type { ParkMap } from '../map/parkmap';
import type { Others } from '../activity/others.svelte';
import { STAGED_MOST, type Boards } from '../board/boards.svelte';
import type { Orders } from '../order/orders.svelte';
import type { Measure } from '../measure/measure.svelte';
import type { Records } from '../history/records.svelte';
import type { Pages } from '../register/pages.svelte';
import type { Siting } from '../siting/siting.svelte';
import type { Land } from '../state/land.svelte';
import type { Selection } from '../state/selection.svelte';
import type { Sight } from '../state/sight.svelte';
import type { Supplies } from '../supply/supply.svelte';

/** Lowest zoom at which a line is drawn among the corners of a large park. */
const CORNERS_FROM = 15;

/** What stands on the map beside the park. */
interface Around {
  boards: Boards;
  land: Land;
  measure: Measure;
  orders: Orders;
  others: Others;
  pages: Pages;
  records: Records;
  selection: Selection;
  sight: Sight;
  siting: Siting;
  supplies: Supplies;
}

/**
 * Keeps the map's marks, preview, refusal and line tool in step with what is picked and ordered. Call while a
 * component starts.
 */
export function overlay(use: Around, mapOf: () => ParkMap | null): void {
  $effect(() => {
    const task = use.orders.task?.parcels.map(({ id }) => id);
    const ids = task && task.length > 0 ? task : use.selection.picked;
    const parcels = ids.map((id) => ({ of: 'parcel' as const, id }));
    const { selected } = use.selection;
    const alone = selected && (selected.of !== 'parcel' || parcels.length === 0) ? [selected] : [];
    const map = mapOf();
    return afterPaint(() => void map?.mark('selected', [...parcels, ...alone]));
  });
  $effect(() => {
    const { task } = use.orders;
    const proposed = use.records.ghosts;
    const offered = use.siting.shown ? [] : use.pages.things.ghosts;
    const others = proposed.length > 0 ? proposed : offered;
    void mapOf()?.preview(task?.ghosts ?? others, task?.replaced ?? proposed.map(({ id }) => id));
  });
  $effect(() => void mapOf()?.people(use.others.colleagues, use.land.parcels));
  $effect(() => {
    const open = use.others.colleagues.flatMap(({ parcel }) => parcel ?? []);
    untrack(() => void use.land.know(open));
  });
  $effect(() => {
    const codes = [...(use.boards.stages?.keys() ?? [])].slice(0, STAGED_MOST);
    untrack(() => void use.land.knowCodes(codes));
  });
  $effect(() => void mapOf()?.stages(use.boards.stages, use.land.parcels));
  $effect(() => void mapOf()?.headroom(use.supplies.drawn));
  $effect(() => void mapOf()?.refuse(use.orders.task?.spots ?? []));

  $effect(() => {
    const tool = mapOf()?.tool;
    const { task } = use.orders;
    if (!tool || !task?.draws) return;
    tool.start(
      untrack(() => groundOf(use.land, task.closes ? use.land.parcels : task.parcels, task.closes)),
      untrack(() => task.line),
      {
        changed: (draft) => task.drawn(draft),
        cancelled: () => use.orders.cancel(),
      },
    );
    return () => tool.stop();
  });
  $effect(() => {
    const { task } = use.orders;
    if (task?.draws) mapOf()?.tool.put(task.line);
  });
  $effect(() => {
    const { task } = use.orders;
    const closed = task?.draws ? task.closes : use.measure.of === 'area';
    if (!task?.draws && !use.measure.of) return;
    const beside = task?.draws && !task.closes ? task.parcels : use.land.parcels;
    mapOf()?.tool.among(groundOf(use.land, beside, closed));
    nearBy(use);
  });

  $effect(() => {
    const tool = mapOf()?.tool;
    const { measure } = use;
    if (use.orders.task) untrack(() => measure.end());
    if (!tool || !measure.of || use.orders.task?.draws) return;
    const closed = measure.of === 'area';
    tool.start(
      untrack(() => groundOf(use.land, use.land.parcels, closed)),
      untrack(() => measure.draft),
      { changed: (draft) => (measure.draft = draft), cancelled: () => measure.end() },
    );
    return () => tool.stop();
  });
  $effect(() => {
    if (use.measure.of) mapOf()?.tool.put(use.measure.draft);
  });
}

/** A line is drawn among exact corners: of a large park those in sight are asked for, once the map is near enough. */
export function nearBy({ land, sight }: Pick<Around, 'land' | 'sight'>): void {
  const { box, view } = sight;
  if (box && view && view.zoom >= CORNERS_FROM) untrack(() => void land.knowIn(box));
}

/**
 * A cut or a new boundary runs from side to side of the parcels it is about; a survey may be drawn along any
 * neighbour's.
 */
export function groundOf(land: Land, beside: readonly Parcel[], closed: boolean): Ground {
  const all = land.parcels;
  const ringsOf = (parcels: readonly Parcel[]): LonLat[][] =>
    parcels.flatMap(({ geometry }) => geometry.coordinates as LonLat[][]);
  const plane = planeOf(land.park?.survey_crs ?? null);
  return {
    vertices: ringsOf(all).flat(),
    rings: ringsOf(beside),
    along: (from, to, share) => between(plane, from, to, share),
    closed,
  };
}

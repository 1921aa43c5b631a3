import type { Map as MapLibreMap } from 'maplibre-gl';
import type { BBox, LonLat } from '../core/feed';
import type { View } from '../core/view';
import type { LineTool } from './draw';
import { foundAt, SOME_PARCEL, type Found } from './found';
import type { Standing } from './standing';

/** What is told of the pointer and the camera. */
export interface MapListener {
  /** `more`: Shift or Ctrl was held, to pick several. */
  select(found: Found | null, more: boolean): void;
  /** A parcel was clicked that only the server can name. */
  selectAt(at: LonLat, more: boolean): void;
  hover(found: Found | null): void;
  point(at: LonLat | null): void;
  move(view: View, bbox: BBox, bearing: number, pitch: number): void;
  /** Whether the camera rests and all that is known is drawn. */
  idle(idle: boolean): void;
  /** The cell of a surface under the pointer, and where that is on the map; `chosen`: it was clicked. */
  cell(id: number | null, at: { x: number; y: number }, chosen: boolean): void;
}

/** Tells what the pointer and the camera do. While a line is drawn, clicks are its; a surface lies over all else. */
export function listen(
  map: MapLibreMap,
  listener: MapListener,
  { tool, standing }: { tool: LineTool; standing: Standing },
): void {
  map.on('click', ({ point, lngLat, originalEvent }) => {
    if (tool.active) return;
    const cell = standing.cellAt(point);
    if (cell !== null) {
      listener.cell(cell, point, true);
      return;
    }
    const more = originalEvent.shiftKey || originalEvent.ctrlKey || originalEvent.metaKey;
    const found = foundAt(map, point);
    if (found === SOME_PARCEL) listener.selectAt([lngLat.lng, lngLat.lat], more);
    else listener.select(found, more);
  });
  let frame = 0;
  map.on('mousemove', ({ point, lngLat }) => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => {
      const still = !map.isMoving() && !tool.active;
      const cell = still ? standing.cellAt(point) : null;
      const found = still && cell === null ? foundAt(map, point) : null;
      if (!tool.active) map.getCanvas().style.cursor = found || cell !== null ? 'pointer' : '';
      listener.cell(cell, point, false);
      listener.hover(found === SOME_PARCEL ? null : found);
      listener.point([lngLat.lng, lngLat.lat]);
    });
  });
  map.on('mouseout', () => {
    cancelAnimationFrame(frame);
    listener.hover(null);
    listener.cell(null, { x: 0, y: 0 }, false);
    listener.point(null);
  });
  const moved = (): void => {
    const { lng, lat } = map.getCenter();
    const bounds = map.getBounds();
    listener.move(
      { zoom: map.getZoom(), lat, lon: lng },
      [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()],
      map.getBearing(),
      map.getPitch(),
    );
  };
  map.on('moveend', moved);
  map.on('resize', moved);
  moved();
  for (const stir of ['movestart', 'dataloading', 'render'] as const)
    map.on(stir, () => listener.idle(false));
  map.on('idle', () => listener.idle(true));
}

import type { GeoJSONSource, Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';
import { emptyDraft, finish, snap, withoutLast, withPoint, type Draft } from '../core/draw';
import type { LonLat } from '../core/feed';
import { collect } from './data';
import { draftData } from './draft';

/** A click nearer than this to a vertex, in pixels, means it. */
const SNAP_PX = 10;

export interface DrawListener {
  /** The line grew, shrank or ended. */
  changed(draft: Draft): void;
  cancelled(): void;
}

/**
 * Draws a line on the map. A click, or Space for the middle of the map, sets a point; Backspace takes the last one back; Enter or a double
 * click ends the line, Escape gives it up.
 */
export class LineTool {
  private draft = emptyDraft;
  private listener: DrawListener | null = null;
  private vertices: readonly LonLat[] = [];
  private pointer: LonLat | null = null;

  constructor(private readonly map: MapLibreMap) {}

  get active(): boolean {
    return this.listener !== null;
  }

  /** Begins with a line that may have points already; clicks snap to the vertices given, which must be exact. */
  start(vertices: readonly LonLat[], draft: Draft, listener: DrawListener): void {
    this.stop();
    this.vertices = vertices;
    this.listener = listener;
    this.draft = draft;
    this.map.doubleClickZoom.disable();
    this.map.on('click', this.click);
    this.map.on('mousemove', this.follow);
    document.addEventListener('keydown', this.key, true);
    this.map.getCanvas().style.cursor = 'crosshair';
    this.paint();
  }

  stop(): void {
    if (!this.listener) return;
    this.listener = null;
    this.draft = emptyDraft;
    this.pointer = null;
    this.map.off('click', this.click);
    this.map.off('mousemove', this.follow);
    document.removeEventListener('keydown', this.key, true);
    this.map.doubleClickZoom.enable();
    this.map.getCanvas().style.cursor = '';
    this.paint();
  }

  /** Takes over a line that was changed elsewhere, as by typed coordinates. */
  put(draft: Draft): void {
    if (draft === this.draft) return;
    this.draft = draft;
    this.paint();
  }

  private readonly click = ({ lngLat, originalEvent }: MapMouseEvent): void => {
    // the second click of a double click ends the line where the first one set its point
    if (originalEvent.detail > 1 && this.draft.points.length > 1) this.take(finish(this.draft));
    else this.take(withPoint(this.draft, this.snapped([lngLat.lng, lngLat.lat])));
  };

  private readonly follow = ({ lngLat }: MapMouseEvent): void => {
    this.map.getCanvas().style.cursor = 'crosshair';
    this.pointer = this.draft.finished ? null : this.snapped([lngLat.lng, lngLat.lat]);
    this.paint();
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.target instanceof HTMLElement && event.target.closest('input, textarea, select')) return;
    const onMap = event.target === this.map.getCanvas() || event.target === document.body;
    if (event.key === 'Escape') this.listener?.cancelled();
    else if (event.key === 'Backspace') this.take(withoutLast(this.draft));
    else if (event.key === 'Enter' && onMap) this.take(finish(this.draft));
    else if (event.key === ' ' && onMap) {
      const { lng, lat } = this.map.getCenter();
      this.take(withPoint(this.draft, this.snapped([lng, lat])));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private take(draft: Draft): void {
    this.draft = draft;
    if (draft.finished) this.pointer = null;
    this.paint();
    this.listener?.changed(draft);
  }

  private snapped(at: LonLat): LonLat {
    const screen = (place: LonLat): { x: number; y: number } => this.map.project(place);
    const here = screen(at);
    return snap(
      at,
      this.vertices,
      (_, vertex) => {
        const there = screen(vertex);
        return Math.hypot(there.x - here.x, there.y - here.y);
      },
      SNAP_PX,
    );
  }

  private paint(): void {
    void this.map
      .getSource<GeoJSONSource>('draft')
      ?.setData(collect(draftData(this.draft.points, this.pointer)));
  }
}

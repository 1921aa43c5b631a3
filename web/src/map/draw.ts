import type { GeoJSONSource, Map as MapLibreMap, MapMouseEvent } from 'maplibre-gl';
import {
  emptyDraft,
  finish,
  LINE,
  RING,
  snap,
  snapToSide,
  withoutLast,
  withPoint,
  type Draft,
} from '../core/draw';
import type { LonLat } from '../core/feed';
import { collect } from './data';
import { draftData } from './draft';

/** A click nearer than this to a vertex or a side, in pixels, means it. */
const SNAP_PX = 10;

export interface DrawListener {
  /** The line grew, shrank or ended. */
  changed(draft: Draft): void;
  cancelled(): void;
}

/** What a line is drawn among. All vertices are exact: they are what the server holds. */
export interface Ground {
  /** Clicks snap to these first. */
  vertices: readonly LonLat[];
  /** Then to the sides of these rings, */
  rings: readonly (readonly LonLat[])[];
  /** which run straight in the survey's plane: the place so much of the way along one. */
  along: (from: LonLat, to: LonLat, share: number) => LonLat;
  /** The line ends where it began. */
  closed: boolean;
}

/**
 * Draws a line or a ring on the map. A click, or Space for the middle of the map, sets a point; Backspace takes
 * the last one back; Enter or a double click ends the line, Escape gives it up.
 */
export class LineTool {
  private draft = emptyDraft;
  private listener: DrawListener | null = null;
  private ground: Ground = { vertices: [], rings: [], along: (from) => from, closed: false };
  private pointer: LonLat | null = null;

  constructor(private readonly map: MapLibreMap) {}

  get active(): boolean {
    return this.listener !== null;
  }

  /** Begins with a line that may have points already. */
  start(ground: Ground, draft: Draft, listener: DrawListener): void {
    this.stop();
    this.ground = ground;
    this.listener = listener;
    this.draft = draft;
    this.map.doubleClickZoom.disable();
    this.map.on('click', this.click);
    this.map.on('mousemove', this.follow);
    document.addEventListener('keydown', this.key, true);
    this.map.getCanvas().style.cursor = 'crosshair';
    this.paint();
  }

  /** More of the ground is known by now. */
  among(ground: Ground): void {
    if (this.listener) this.ground = ground;
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
    if (originalEvent.detail > 1 && this.draft.points.length >= this.least) this.take(this.ended());
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
    else if (event.key === 'Enter' && onMap) this.take(this.ended());
    else if (event.key === ' ' && onMap) {
      const { lng, lat } = this.map.getCenter();
      this.take(withPoint(this.draft, this.snapped([lng, lat])));
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private get least(): number {
    return this.ground.closed ? RING : LINE;
  }

  private ended(): Draft {
    return finish(this.draft, this.least);
  }

  private take(draft: Draft): void {
    this.draft = draft;
    if (draft.finished) this.pointer = null;
    this.paint();
    this.listener?.changed(draft);
  }

  private snapped(at: LonLat): LonLat {
    const screen = (place: LonLat): { x: number; y: number } => this.map.project(place);
    const here = screen(at);
    const { vertices, rings, along } = this.ground;
    const vertex = snap(
      at,
      vertices,
      (_, place) => {
        const there = screen(place);
        return Math.hypot(there.x - here.x, there.y - here.y);
      },
      SNAP_PX,
    );
    return vertex === at ? (snapToSide(at, rings, screen, SNAP_PX, along) ?? at) : vertex;
  }

  private paint(): void {
    void this.map
      .getSource<GeoJSONSource>('draft')
      ?.setData(collect(draftData(this.draft, this.pointer, this.ground.closed)));
  }
}

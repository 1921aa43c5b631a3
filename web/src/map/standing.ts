import type { GeoJSONSource, Map as MapLibreMap, PaddingOptions, Point } from 'maplibre-gl';
import { boxOfCells, middleOf, type HeatCell } from '../core/heat';
import type { BBox, LonLat } from '../core/feed';
import { collect } from './data';
import { cellHeight, heatData, heatLayerIds, heatLight, heightOf, type Surface } from './heat';

/** How far the map leans while a raised surface stands on it, and how far the reader may lean it, in degrees. */
const LEAN = 52;
const MOST_LEAN = 68;

/** A place on the screen, in pixels of the map. */
export interface Top {
  x: number;
  y: number;
}

/** What a camera is to look at: a box, or where it looks already. */
export interface Aim {
  bbox: BBox | null;
  padding: PaddingOptions;
  pitch: number;
  bearing: number;
}

/**
 * A surface as it stands on the map: its light, the lean of the camera and what it was before, the cells that are
 * marked, and where the tops of its blocks are on the screen.
 */
export class Standing {
  private surface: Surface | null = null;
  private mostM = 0;
  /** How many surfaces were laid. */
  private laid = 0;
  /** The surface that the view was last fitted to: it is the reader's to move from there. */
  private framed: Surface['features'] | null = null;
  /** How the camera stood before a raised surface came. */
  private before: { pitch: number; bearing: number } | null = null;
  private readonly marked: { at: number | null; chosen: number | null } = { at: null, chosen: null };

  constructor(
    private readonly map: MapLibreMap,
    private readonly frame: (aim: Aim) => void,
  ) {}

  get stands(): boolean {
    return this.surface !== null && this.surface.features.length > 0;
  }

  /** Whether blocks stand on the map, rather than colours. */
  get raised(): boolean {
    return this.stands && this.surface?.flat === false;
  }

  /**
   * Lays a surface; null takes it away, and the camera stands as it did before. Says how many cells can be seen once
   * they are drawn, or null if another surface came meanwhile.
   */
  async lay(surface: Surface | null, padding: PaddingOptions): Promise<number | null> {
    if (!surface && !this.surface) return 0;
    const number = ++this.laid;
    this.mark('at', null);
    this.mark('chosen', null);
    this.surface = surface;
    this.mostM = surface ? heightOf(surface) : 0;
    await this.map.getSource<GeoJSONSource>('heat')?.setData(collect(surface ? heatData(surface) : []));
    if (number !== this.laid) return null;
    this.lean(surface, padding);
    await new Promise((resolve) => this.map.once('idle', resolve).triggerRepaint());
    if (number !== this.laid) return null;
    const seen = this.map.queryRenderedFeatures({ layers: heatLayerIds });
    return new Set(seen.map(({ properties }) => properties['id'] as number)).size;
  }

  private lean(surface: Surface | null, padding: PaddingOptions): void {
    const { map } = this;
    const box = surface && surface.features !== this.framed ? boxOfCells(surface.features) : null;
    this.framed = surface?.features ?? null;
    if (this.raised && !this.before) {
      this.before = { pitch: map.getPitch(), bearing: map.getBearing() };
      map.setLight(heatLight);
      map.setMaxPitch(MOST_LEAN);
      map.touchPitch.enable();
      this.frame({ bbox: box, padding, pitch: LEAN, bearing: map.getBearing() });
    } else if (!this.raised && this.before) {
      const { pitch, bearing } = this.before;
      this.before = null;
      map.touchPitch.disable();
      this.frame({ bbox: box, padding, pitch, bearing });
      const rest = (): void => {
        if (!this.raised) map.setMaxPitch(pitch);
      };
      if (map.isMoving()) map.once('moveend', rest);
      else rest();
    } else if (box) this.frame({ bbox: box, padding, pitch: map.getPitch(), bearing: map.getBearing() });
  }

  /** The cell that is drawn at a place on the screen; of blocks the one in front. */
  cellAt(point: Point): number | null {
    if (!this.stands) return null;
    const hit = this.map.queryRenderedFeatures(point, { layers: heatLayerIds })[0];
    const id = hit?.properties['id'] as unknown;
    return typeof id === 'number' ? id : null;
  }

  /** Marks one cell, taking the mark from another. */
  mark(mark: 'at' | 'chosen', id: number | null): void {
    const was = this.marked[mark];
    if (was === id) return;
    if (was !== null) this.map.removeFeatureState({ source: 'heat', id: was }, mark);
    if (id !== null) this.map.setFeatureState({ source: 'heat', id }, { [mark]: true });
    this.marked[mark] = id;
  }

  /** How high a cell is drawn, in metres; 0 on a flat surface. */
  heightOf(cell: HeatCell): number {
    return this.surface && this.raised ? cellHeight(cell, this.surface, this.mostM) : 0;
  }

  /** Tells where the tops of cells are on the screen, now and whenever the map is drawn; gives what ends that. */
  follow(cells: readonly HeatCell[], tell: (tops: Top[]) => void): () => void {
    const places = cells.map((cell) => ({ at: middleOf(cell), heightM: this.heightOf(cell) }));
    const look = (): void => tell(places.map(({ at, heightM }) => this.project(at, heightM)));
    this.map.on('render', look);
    look();
    return () => void this.map.off('render', look);
  }

  /**
   * Where a place so many metres above the ground is on the screen. MapLibre projects the ground alone: from there the
   * place on the leaning plane is found again, in pixels, and raised.
   *
   *  1. With the camera's distance D to the middle of the view, and a pitch p, a place v pixels ahead and u aside
   *     of that middle has the depth w = D + v sin p, and is seen at D u ∕ w aside and D v cos p ∕ w up.
   *  2. So a place seen at y up is v = y D ∕ (D cos p − y sin p) ahead.
   *  3. At h pixels of height the depth is w − h cos p, and it is seen at D (v cos p + h sin p) ∕ (w − h cos p) up.
   */
  private project(at: LonLat, heightM: number): Top {
    const { map } = this;
    const { x, y } = map.project(at);
    if (heightM === 0) return { x, y };
    const { clientWidth, clientHeight } = map.getContainer();
    const distance = clientHeight / 2 / Math.tan((map.getVerticalFieldOfView() * Math.PI) / 360);
    const pitch = (map.getPitch() * Math.PI) / 180;
    const [sin, cos] = [Math.sin(pitch), Math.cos(pitch)];
    const up = clientHeight / 2 - y;
    const ahead = (up * distance) / (distance * cos - up * sin);
    const depth = distance + ahead * sin;
    const aside = ((x - clientWidth / 2) * depth) / distance;
    const metre = (512 * 2 ** map.getZoom()) / (2 * Math.PI * 6_378_137 * Math.cos((at[1] * Math.PI) / 180));
    const high = heightM * metre;
    const nearer = depth - high * cos;
    return {
      x: clientWidth / 2 + (aside * distance) / nearer,
      y: clientHeight / 2 - (distance * (ahead * cos + high * sin)) / nearer,
    };
  }
}

import './map.css';
import {
  addProtocol,
  Map as MapLibreMap,
  setWorkerUrl,
  type FeatureIdentifier,
  type LayerSpecification,
  type PaddingOptions,
} from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { Protocol } from 'pmtiles';
import type { Ground, Laid } from './background';
import type { Findings } from './intake';
import { basemap } from './basemap';
import { affordable } from '../core/camera';
import type { BBox, Parcel } from '../core/feed';
import type { Grid } from '../core/grid';
import type { LayerId } from '../core/collection';
import type { ParcelTiles } from '../core/large';
import type { TilesOfLayers } from '../core/layertiles';
import type { Layer } from '../core/layer';
import type { Present } from '../core/live';
import type { Lang } from '../core/message';
import { motionWelcome } from '../core/motion';
import type { NodeOf } from '../core/supply';
import type { Theme } from '../core/theme';
import { CLOSE_ZOOM, type View } from '../core/view';
import { gridData, isLettered, parcelData, parkData, spotsOf, withIds } from './data';
import { previewData, refusalData, type Ghost, type Spot } from './draft';
import { LineTool } from './draw';
import { surfaceOf, type Surface } from './heat';
import { mapFontFaces } from './fonts';
import { ParcelGround } from './ground';
import { drawImages } from './images';
import { nodesApart } from './nodes';
import { LayerGround } from './layered';
import { headroomData, peopleData } from './others';
import { siteData, tieData, type RankedSite, type Tie } from './sites';
import { workshopData, type Workshop } from './workshops';
import type { Drawn } from './drawn';
import { changes, type Look, type Sheet } from './sheet';
import { stageData, type Stages } from './stages';
import { Standing, type Aim } from './standing';
import { basemapUrl } from './ranges';
import { sourceOf, type Found } from './found';
import { listen, type MapListener } from './listen';
import { Marks, type Mark } from './marks';
import { Sources } from './sources';
import { sheets, styleOf, type SourceName } from './style';

/** Room that panels take from the map, in pixels. */
export type Padding = PaddingOptions;

const MAX_ZOOM = 20;
/** Where the style's layers end that end nowhere. */
const DEEPEST = 24;

let prepared = false;
function prepare(): void {
  if (prepared) return;
  prepared = true;
  setWorkerUrl(workerUrl);
  const protocol = new Protocol();
  protocol.add(basemap);
  addProtocol('pmtiles', protocol.tile);
}

/**
 * The map of a park: the only part of the page that knows MapLibre. Rejects nothing; `start` throws where WebGL
 * is missing.
 */
export class ParkMap {
  private readonly map: MapLibreMap;
  private readonly ready: Promise<void>;
  private look: Look;
  private shown: ReadonlySet<Layer>;
  private readonly sources: Sources;
  private readonly marks: Marks;
  /** Parcels whose lettering gives way to a preview. */
  private covered: readonly string[] = [];
  private drawn: Drawn | null = null;
  /** What of it the sources hold. */
  private laid: Drawn | null = null;
  /** Parcels that the reader's filters leave out. */
  private dimmed: ReadonlySet<string> = new Set();
  /** Whether the map has the type for every character, or is about to. */
  private lettered = false;
  private backdrop: Promise<Ground> | null = null;
  private readonly parcels: ParcelGround;
  private tiles: ParcelTiles | null = null;
  private readonly layers: LayerGround;
  private layerTiles: TilesOfLayers = new Map();
  private found: Promise<Findings> | null = null;
  /** Draws lines; while it does, clicks are its. */
  readonly tool: LineTool;
  /** The surface of scores. */
  readonly standing: Standing;

  constructor(
    container: HTMLElement,
    private readonly listener: MapListener,
    start: { theme: Theme; lang: Lang; layers: ReadonlySet<Layer>; label: string },
  ) {
    prepare();
    this.look = {
      theme: start.theme,
      lang: start.lang,
      lat: 0,
      coast: false,
      surface: 'none',
      backed: false,
      tiled: null,
      layered: new Map(),
      nodesM: null,
    };
    this.shown = start.layers;
    this.map = new MapLibreMap({
      container,
      style: styleOf(this.look, `pmtiles://${basemapUrl}`, motionWelcome()),
      center: [122, 37.2],
      zoom: 9,
      maxZoom: MAX_ZOOM,
      maxPitch: 0,
      // Shift picks several parcels
      boxZoom: false,
      attributionControl: false,
      fadeDuration: motionWelcome() ? 120 : 0,
      locale: { 'Map.Title': start.label },
    });
    this.sources = new Sources(this.map);
    this.marks = new Marks(this.map, {
      sources: this.sources,
      parcels: () => [...(this.drawn?.parcels ?? []), ...this.parcels.known],
      drawnAs: (found) => this.drawnAs(found),
    });
    this.parcels = new ParcelGround(this.map);
    this.layers = new LayerGround(this.map);
    this.tool = new LineTool(this.map);
    this.standing = new Standing(this.map, (aim) => this.frame(aim));
    this.map.touchPitch.disable();
    this.map.on('error', ({ error }) => console.warn('map:', error.message));
    this.ready = new Promise((resolve) => this.map.once('style.load', () => resolve()));
    void this.ready.then(() => {
      drawImages(this.map, this.look.theme);
      this.show(this.shown);
      listen(this.map, this.listener, this);
      this.awaitCoast();
    });
  }

  remove(): void {
    this.map.remove();
  }

  /** What is not land becomes sea once the coast in sight is there: until then all is ground. */
  private awaitCoast(): void {
    const look = (): void => {
      if (!this.map.isSourceLoaded('basemap')) return;
      this.map.off('sourcedata', look);
      void this.restyle({ coast: true });
    };
    this.map.on('sourcedata', look);
  }

  /** Puts a park's features on the map. Marks go: their features may be gone. */
  async draw(drawn: Drawn): Promise<void> {
    await this.ready;
    this.drawn = drawn;
    // before the features come: what is drawn to scale would be laid out twice
    const park = drawn.parks.find((shape) => shape.properties.code === drawn.currentPark);
    const first = park?.geometry.coordinates[0]?.[0]?.[0]?.[1];
    await this.restyle({ nodesM: nodesApart(drawn.networks), ...(first !== undefined && { lat: first }) });
    if (this.drawn !== drawn) return;
    const before = this.laid;
    this.laid = drawn;
    const isNew = (...parts: (keyof Drawn)[]): boolean =>
      parts.some((part) => drawn[part] !== before?.[part]);
    if (isNew('parks', 'currentPark')) this.put('parks', parkData(drawn));
    if (isNew('zones')) this.put('zones', withIds(drawn.zones));
    if (isNew('plan')) this.put('plan', withIds(drawn.plan));
    if (isNew('parcels')) this.put('parcels', parcelData(drawn.parcels));
    if (isNew('networks')) this.put('networks', withIds(drawn.networks));
    if (isNew('parks', 'currentPark', 'zones', 'plan', 'parcels', 'prefix'))
      this.put('spots', spotsOf(drawn));
    this.marks.outline();
  }

  /** Draws the parcels of a large park from tiles; null: all of the open park's parcels are drawn. */
  async tile(tiles: ParcelTiles | null): Promise<void> {
    await this.ready;
    this.tiles = tiles;
    if (tiles) this.parcels.add(tiles);
    await this.restyle({ tiled: tiles && { kept: tiles.kept !== null, sideM: tiles.sideM } });
    // another call may have come meanwhile: what the newest needs stays
    if (this.tiles === tiles) this.parcels.drop(tiles);
    this.marks.setAll();
  }

  /** Draws layers of a large park from tiles; those that have none are here whole. */
  async tileLayers(tiles: TilesOfLayers): Promise<void> {
    await this.ready;
    this.layerTiles = tiles;
    this.layers.add(tiles);
    await this.restyle({ layered: new Map([...tiles].map(([feed, { sideM }]) => [feed, sideM])) });
    if (this.layerTiles === tiles) this.layers.drop(tiles);
    this.marks.setAll();
    if (tiles.size > 0 && !this.lettered) void this.letter(); // nobody knows which characters the names have
  }

  /** Something of layers that tiles draw was changed. */
  async refreshLayers(layers: ReadonlySet<LayerId>): Promise<void> {
    await this.ready;
    this.layers.refresh(layers);
  }

  /** What lies in boxes, or with null anywhere, of a large park's ground is not as it was. */
  async refresh(boxes: readonly BBox[] | null): Promise<void> {
    await this.ready;
    this.parcels.refresh(boxes);
  }

  /** Takes the exact shapes of parcels of a large park, which marks are drawn by. */
  async know(parcels: readonly Parcel[]): Promise<void> {
    await this.ready;
    this.parcels.known = parcels;
    this.marks.outline();
  }

  /** Draws who else has which parcel open. */
  async people(people: readonly Present[], parcels: Drawn['parcels']): Promise<void> {
    await this.ready;
    this.put('people', peopleData(people, parcels));
  }

  /** Draws how much is left at each node. */
  async headroom(nodes: readonly NodeOf[]): Promise<void> {
    await this.ready;
    this.put('headroom', headroomData(nodes));
  }

  /** Draws buildings, each with what is said of it. */
  async workshops(workshops: readonly Workshop[]): Promise<void> {
    await this.ready;
    this.put('workshops', workshopData(workshops));
  }

  /** Draws the stages of projects on their parcels; null takes them away. */
  async stages(stages: Stages | null, parcels: Drawn['parcels']): Promise<void> {
    await this.ready;
    this.put('stages', stages ? stageData(stages, parcels) : []);
  }

  /**
   * Draws what an order would make, in place of the lettering of the parcels that it is made of; none takes the
   * drawing away.
   */
  async preview(ghosts: readonly Ghost[], of: readonly string[]): Promise<void> {
    await this.ready;
    this.cover(of);
    this.put('preview', previewData(ghosts));
  }

  private put(name: SourceName, features: GeoJSON.Feature[]): void {
    if (!this.sources.put(name, features)) return;
    if (!this.lettered && !features.every(({ properties }) => isLettered(properties))) void this.letter();
  }

  /** Gives the map the type for characters that nobody had in use at the build; until then the reader's own draws. */
  private async letter(): Promise<void> {
    this.lettered = true;
    try {
      const { slices } = await import('./slices');
      this.map.setFontFaces(mapFontFaces(slices));
    } catch {
      this.lettered = false;
    }
  }

  private cover(ids: readonly string[]): void {
    const spots = (id: string): FeatureIdentifier[] => [
      { source: 'spots', id },
      ...this.parcels.of(id, 'label'),
    ];
    for (const spot of this.covered.flatMap(spots)) this.map.removeFeatureState(spot, 'covered');
    this.covered = ids;
    for (const spot of ids.flatMap(spots)) this.map.setFeatureState(spot, { covered: true });
  }

  /** Marks the places where an order was refused. */
  async refuse(spots: readonly Spot[]): Promise<void> {
    await this.ready;
    this.put('refusal', refusalData(spots));
  }

  /** Outlines ranked sites, and draws lines from the open one to who made its score. */
  async sites(ranked: readonly RankedSite[], ties: readonly Tie[]): Promise<void> {
    await this.ready;
    this.put('sites', siteData(ranked));
    this.put('ties', tieData(ties));
  }

  /**
   * Lays a surface on the map, leaning it to look at a raised one; null takes both away. Says how many cells
   * can be seen once they are drawn, or null if another surface came meanwhile.
   */
  async heat(surface: Surface | null, padding: PaddingOptions): Promise<number | null> {
    await this.ready;
    await this.restyle({ surface: surfaceOf(surface) });
    return this.standing.lay(surface, padding);
  }

  /** Lays a background under the park; null takes it away. Rejects where its code can't be fetched. */
  async background(laid: Laid | null): Promise<void> {
    await this.ready;
    if (!laid && !this.backdrop) return;
    this.backdrop ??= import('./background').then(({ Ground: Kind }) => new Kind(this.map));
    this.backdrop.catch(() => (this.backdrop = null));
    const ground = await this.backdrop;
    await this.restyle({ backed: laid !== null });
    await ground.lay(laid, this.look.theme);
  }

  /** Draws what was found in a file that is looked at; none takes it away. */
  async findings(features: readonly GeoJSON.Feature[], theme: Theme): Promise<void> {
    await this.ready;
    if (!this.found && features.length === 0) return;
    this.found ??= import('./intake').then(({ Findings: Kind }) => new Kind(this.map));
    this.found.catch(() => (this.found = null));
    (await this.found).lay(features, theme);
  }

  async drawGrid(grid: Grid | null): Promise<void> {
    await this.ready;
    this.put('grid', grid ? gridData(grid) : []);
  }

  /** Redraws what the theme, language, filter or latitude changes, and nothing else. */
  async restyle(change: Partial<Look>): Promise<void> {
    await this.ready;
    if (!changes(this.look, change)) return;
    const before = new Map(sheets(this.look).map(({ spec }) => [spec.id, spec]));
    this.look = { ...this.look, ...change };
    if (change.theme) drawImages(this.map, change.theme);
    const now = sheets(this.look);
    this.layer(before, now);
    for (const { spec } of now) {
      const old = before.get(spec.id);
      if (!old) continue;
      if (spec.minzoom !== old.minzoom)
        this.map.setLayerZoomRange(spec.id, spec.minzoom ?? 0, spec.maxzoom ?? DEEPEST);
      for (const part of ['paint', 'layout'] as const) {
        const now = (spec[part] ?? {}) as Record<string, unknown>;
        const was = (old?.[part] ?? {}) as Record<string, unknown>;
        for (const [name, value] of Object.entries(now)) {
          if (JSON.stringify(value) === JSON.stringify(was[name])) continue;
          if (part === 'paint') this.map.setPaintProperty(spec.id, name as never, value as never);
          else this.map.setLayoutProperty(spec.id, name as never, value as never);
        }
      }
    }
  }

  /** Adds layers that came and takes away those that went, or that are of another source now. */
  private layer(before: ReadonlyMap<string, LayerSpecification>, now: readonly Sheet[]): void {
    const sourceOf = (spec: LayerSpecification | undefined): unknown =>
      spec && 'source' in spec && spec.source;
    const stay = new Set(
      now.flatMap(({ spec }) => (sourceOf(before.get(spec.id)) === sourceOf(spec) ? spec.id : [])),
    );
    for (const id of before.keys()) if (!stay.has(id)) this.map.removeLayer(id);
    let above: string | undefined;
    for (const { spec, switch: on } of now.toReversed()) {
      if (!this.map.getLayer(spec.id)) {
        const seen = on === null || this.shown.has(on);
        this.map.addLayer(spec, above);
        this.map.setLayoutProperty(spec.id, 'visibility', seen ? 'visible' : 'none');
      }
      above = spec.id;
    }
  }

  async show(layers: ReadonlySet<Layer>): Promise<void> {
    this.shown = layers;
    await this.ready;
    for (const { spec, switch: on } of sheets(this.look)) {
      const seen = (on === null || layers.has(on)) && spec.layout?.visibility !== 'none';
      this.map.setLayoutProperty(spec.id, 'visibility', seen ? 'visible' : 'none');
    }
  }

  /** Dims parcels, which the reader's filters leave out, and no others. */
  async dim(out: ReadonlySet<string>): Promise<void> {
    await this.ready;
    const before = this.dimmed;
    this.dimmed = out;
    for (const source of ['parcels', 'spots'] as const) {
      for (const id of before) if (!out.has(id)) this.map.removeFeatureState({ source, id }, 'out');
      for (const id of out) if (!before.has(id)) this.map.setFeatureState({ source, id }, { out: true });
    }
  }

  /** The ground in sight between panels; of a turned map the box around it. */
  seen(padding: PaddingOptions): BBox {
    const { clientWidth, clientHeight } = this.map.getContainer();
    const { left = 0, right = 0, top = 0, bottom = 0 } = this.affordable(padding);
    const corners = [left, clientWidth - right].flatMap((x) =>
      [top, clientHeight - bottom].map((y) => this.map.unproject([x, y])),
    );
    const lons = corners.map(({ lng }) => lng);
    const lats = corners.map(({ lat }) => lat);
    return [Math.min(...lons), Math.min(...lats), Math.max(...lons), Math.max(...lats)];
  }

  /** Marks features, taking the mark from all others. */
  async mark(mark: Mark, found: readonly Found[]): Promise<void> {
    await this.ready;
    this.marks.mark(mark, found);
  }

  /** What draws a thing, in each source that has it. */
  private drawnAs({ of, id }: Pick<Found, 'of' | 'id'>): FeatureIdentifier[] {
    const own = { source: sourceOf(of), id };
    if (of === 'park' || of === 'building') return [own];
    if (of === 'parcel') return this.tiles ? this.parcels.of(id) : [own];
    return [own, ...this.layers.of(of, id)];
  }

  jump({ zoom, lat, lon }: View): void {
    this.map.jumpTo({ center: [lon, lat], zoom, bearing: 0 });
  }

  fit(bbox: BBox, padding: PaddingOptions, animate: boolean, closest = CLOSE_ZOOM): void {
    this.map.fitBounds(bbox, {
      padding: this.affordable(padding),
      maxZoom: closest,
      animate: animate && motionWelcome(),
      duration: 700,
      bearing: 0,
    });
  }

  /** Leans and turns the map, and fits it to a box unless all of it is in sight. */
  private frame({ bbox, padding, pitch, bearing }: Aim): void {
    const animate = motionWelcome();
    if (bbox && !this.inSight(bbox, padding))
      this.map.fitBounds(bbox, {
        padding: this.affordable(padding),
        maxZoom: CLOSE_ZOOM,
        animate,
        pitch,
        bearing,
      });
    else this.map.easeTo({ pitch, bearing, animate });
  }

  /** Fits the view to a box unless all of it is in sight. */
  reveal(bbox: BBox, padding: PaddingOptions): void {
    if (!this.inSight(bbox, padding)) this.fit(bbox, padding, true);
  }

  private inSight(bbox: BBox, padding: PaddingOptions): boolean {
    const { clientWidth, clientHeight } = this.map.getContainer();
    const { left = 0, right = 0, top = 0, bottom = 0 } = this.affordable(padding);
    const [west, south, east, north] = bbox;
    return [this.map.project([west, north]), this.map.project([east, south])].every(
      ({ x, y }) => x >= left && x <= clientWidth - right && y >= top && y <= clientHeight - bottom,
    );
  }

  zoomBy(step: number): void {
    this.map.zoomTo(this.map.getZoom() + step, { animate: motionWelcome() });
  }

  north(): void {
    this.map.easeTo({ bearing: 0, animate: motionWelcome() });
  }

  focus(): void {
    this.map.getCanvas().focus();
  }

  private affordable({ left = 0, right = 0, top = 0, bottom = 0 }: PaddingOptions): PaddingOptions {
    const { clientWidth: width, clientHeight: height } = this.map.getContainer();
    return affordable({ width, height, padding: { left, right, top, bottom } });
  }
}

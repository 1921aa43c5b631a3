import { addProtocol, type Map as MapLibreMap, type RequestParameters } from 'maplibre-gl';
import { PMTiles, TileType, type Header } from 'pmtiles';
import type { Background } from '../core/api';
import type { Failure } from '../core/background';
import type { Theme } from '../core/theme';
import { partsOf, type Head } from './backgroundstyle';
import { RangeSource } from './rangesource';

/** A background that is to lie under the park. */
export interface Laid {
  background: Background;
  /** From 0 to 1. */
  strength: number;
  /** Told why a tile didn't come, and null of one that did. */
  tell: (failure: Failure | null) => void;
}

/** Backgrounds lie under this layer. */
const ABOVE = 'park-fill';
/** What every source and layer of a background is called, before its number. */
const PREFIX = 'background-';

/** The protocols by which MapLibre asks for tiles: one address a tile, and parts of a file. */
const TILE = 'bgtile';
const FILE = 'bgfile';

type Fetched = Promise<{ data: ArrayBuffer }>;
const wanted = (params: RequestParameters, protocol: string): string => params.url.slice(protocol.length + 3);

/** An answer of 404 means that there is no tile: the ground ends there, and nothing failed. */
class NoTile extends Error {
  readonly status = 404;
}

/** A background under the park's map. What it is asked with says of this page no more than its origin. */
export class Ground {
  private laid: Laid | null = null;
  private key = '';
  private ids: string[] = [];
  private sourceIds: string[] = [];
  private readonly files = new Map<string, PMTiles>();

  constructor(private readonly map: MapLibreMap) {
    addProtocol(TILE, (params, { signal }) => this.tile(params, signal));
    addProtocol(FILE, (params, { signal }) => this.part(params, signal));
  }

  /** Lays a background, or takes it away. A file that doesn't answer is told, and not thrown. */
  async lay(laid: Laid | null, theme: Theme): Promise<void> {
    this.laid = laid;
    const key = laid ? `${laid.background.code} ${laid.background.layers.length} ${theme.land}` : '';
    if (key !== this.key) {
      this.key = key;
      this.clear();
      if (laid) await this.add(laid, theme, key);
    }
    if (laid && this.laid === laid) this.dim(laid.strength);
  }

  private async add({ background, strength, tell }: Laid, theme: Theme, key: string): Promise<void> {
    let heads: (Head | null)[];
    try {
      heads = await Promise.all(
        background.layers.map(({ pmtiles }) => (pmtiles ? this.head(pmtiles) : null)),
      );
    } catch {
      if (key === this.key) this.key = ''; // asked for again when it is next chosen
      return;
    }
    if (key !== this.key) return;
    tell(null);
    background.layers.forEach((layer, i) => {
      const id = `${PREFIX}${i}`;
      const address = layer.pmtiles
        ? [`${FILE}://${layer.pmtiles}#{z}/{x}/{y}`]
        : (layer.tiles ?? []).map((url) => `${TILE}://${url}`);
      const { source, layers } = partsOf(id, address, layer, heads[i] ?? null, theme, strength);
      this.map.addSource(id, source);
      this.sourceIds.push(id);
      for (const each of layers) {
        this.map.addLayer(each, ABOVE);
        this.ids.push(each.id);
      }
    });
  }

  private clear(): void {
    for (const id of this.ids) this.map.removeLayer(id);
    for (const id of this.sourceIds) this.map.removeSource(id);
    this.ids = [];
    this.sourceIds = [];
  }

  private dim(strength: number): void {
    for (const id of this.ids) {
      const kind = this.map.getLayer(id)?.type ?? 'raster';
      this.map.setPaintProperty(id, `${kind}-opacity` as 'raster-opacity', strength);
    }
  }

  /** What a file says of itself. */
  private async head(address: string): Promise<Head> {
    const file = this.file(address);
    const header: Header = await file.getHeader();
    const vector = header.tileType === TileType.Mvt;
    const metadata = vector ? ((await file.getMetadata()) as { vector_layers?: { id?: unknown }[] }) : {};
    const ids = (metadata.vector_layers ?? []).map(({ id }) => id);
    return {
      vector,
      minZoom: header.minZoom,
      maxZoom: header.maxZoom,
      bounds: [header.minLon, header.minLat, header.maxLon, header.maxLat],
      sourceLayers: ids.filter((id) => typeof id === 'string'),
    };
  }

  private file(address: string): PMTiles {
    const known = this.files.get(address);
    if (known) return known;
    const made = new PMTiles(new RangeSource(address, (status) => this.laid?.tell(status)));
    this.files.set(address, made);
    return made;
  }

  private async tile(params: RequestParameters, signal: AbortSignal): Fetched {
    const { laid } = this;
    let answer: Response;
    try {
      answer = await fetch(wanted(params, TILE), { signal, credentials: 'omit', referrerPolicy: 'origin' });
    } catch (error) {
      if (!signal.aborted) laid?.tell(0);
      throw error;
    }
    if (answer.status === 404 || answer.status === 204) return empty(params);
    laid?.tell(answer.ok ? null : answer.status);
    if (!answer.ok) throw new Error(`${new URL(answer.url).host}: ${answer.status}`);
    return { data: await answer.arrayBuffer() };
  }

  private async part(params: RequestParameters, signal: AbortSignal): Fetched {
    const at = params.url.lastIndexOf('#');
    const [z = 0, x = 0, y = 0] = params.url
      .slice(at + 1)
      .split('/')
      .map(Number);
    const file = this.file(wanted({ url: params.url.slice(0, at) }, FILE));
    const { data } = (await file.getZxy(z, x, y, signal)) ?? {};
    return data ? { data } : empty(params);
  }
}

/** No tile: of vectors an empty one, of pictures the error that MapLibre keeps to itself. */
function empty({ type }: RequestParameters): { data: ArrayBuffer } {
  if (type === 'image') throw new NoTile('no tile');
  return { data: new ArrayBuffer(0) };
}

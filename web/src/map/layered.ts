import type {
  FeatureIdentifier,
  FilterSpecification,
  Map as MapLibreMap,
  VectorTileSource,
} from 'maplibre-gl';
import { collectionOf, collections, feedsOf, type LayerId, type ThingKind } from '../core/collection';
import { TILES_TO, zoomOf } from '../core/large';
import { tiledFeeds, tiledFeedsOf, type TiledFeed, type TilesOfLayers } from '../core/layertiles';
import type { Look } from './sheet';

/**
 * Zones, plan units and networks on the map: one GeoJSON source each holds them whole, or of a large park that has too
 * many of them vector tiles do. A layer of the style says by `from` what it draws.
 */

/** The source of a feed's tiles. */
const tilesName = (feed: TiledFeed): string => `tiles-${feed}`;
const labelsOf = (feed: TiledFeed): string => `${feed}-labels`;

/** The GeoJSON source of a feed that is here whole. */
const listOf = (feed: TiledFeed): 'zones' | 'plan' | 'networks' => {
  const ids = Object.keys(collections) as LayerId[];
  const id = ids.find((each) => feedsOf(each).includes(feed)) ?? 'networks';
  return collections[id].list;
};

/** Where a layer of the style draws a feed from. */
export const from = ({ layered }: Look, feed: TiledFeed): { source: string; 'source-layer'?: string } =>
  layered.has(feed) ? { source: tilesName(feed), 'source-layer': feed } : { source: listOf(feed) };

/** Where it letters a feed from, and what of it: spots, which ParkMap chose, or the labels of its tiles. */
export const lettersFrom = (
  { layered }: Look,
  feed: TiledFeed,
  of: ThingKind,
): { source: string; 'source-layer'?: string; filter: FilterSpecification } =>
  layered.has(feed)
    ? { source: tilesName(feed), 'source-layer': labelsOf(feed), filter: ['has', 'id'] }
    : { source: 'spots', filter: ['==', ['get', 'of'], of] };

/** Outlines of sides that are shorter than this, in pixels, would be a moiré. */
const OUTLINED_PX = 7;

/**
 * Of a feed's outlines those that can be told apart: in tiles, what is too small to see has been joined, without an id,
 * and its outline is nobody's.
 */
export function outlined(look: Look, feed: TiledFeed): { minzoom?: number; filter?: FilterSpecification } {
  const sideM = look.layered.get(feed);
  if (sideM === undefined) return {};
  return { minzoom: Math.max(0, zoomOf(sideM, OUTLINED_PX, look.lat)), filter: ['has', 'id'] };
}

/** The kind of thing that a source of tiles has; undefined: it is none of these sources. */
export function kindIn(source: string): ThingKind | undefined {
  const feed = tiledFeeds.find((each) => tilesName(each) === source);
  return feed && Object.values(collections).find(({ list }) => list === listOf(feed))?.of;
}

/** The feed that a source of tiles draws. */
export const feedIn = (source: string): TiledFeed | undefined =>
  tiledFeeds.find((each) => tilesName(each) === source);

/** The sources of layers that come as tiles. */
export class LayerGround {
  private tiles: TilesOfLayers = new Map();

  constructor(private readonly map: MapLibreMap) {}

  /** Makes the sources that tiles need. Layers that use one that is not needed must be gone before `drop`. */
  add(tiles: TilesOfLayers): void {
    const before = this.tiles;
    this.tiles = tiles;
    for (const [feed, { address }] of tiles) {
      const there = this.map.getSource<VectorTileSource>(tilesName(feed));
      const at = [location.origin + address];
      if (there && before.get(feed)?.address !== address) there.setTiles(at);
      if (there) continue;
      const promoteId = { [feed]: 'id', [labelsOf(feed)]: 'id' };
      this.map.addSource(tilesName(feed), {
        type: 'vector',
        tiles: at,
        minzoom: 0,
        maxzoom: TILES_TO,
        promoteId,
      });
    }
  }

  /** Takes away the sources that `tiles` don't need. */
  drop(tiles: TilesOfLayers): void {
    this.tiles = tiles;
    for (const feed of tiledFeeds)
      if (!tiles.has(feed) && this.map.getSource(tilesName(feed))) this.map.removeSource(tilesName(feed));
  }

  /** What a thing is called in each source that may have it, for its state there. */
  of(kind: ThingKind, id: string): FeatureIdentifier[] {
    const collection = collectionOf(kind);
    if (collection === 'parcels') return [];
    return tiledFeedsOf(collection)
      .filter((feed) => this.map.getSource(tilesName(feed)))
      .map((feed) => ({ source: tilesName(feed), sourceLayer: feed, id }));
  }

  /** Something of layers was changed: their tiles are asked for again. Unchanged ones are answered without a body. */
  refresh(layers: ReadonlySet<LayerId>): void {
    for (const layer of layers)
      for (const feed of tiledFeedsOf(layer))
        if (this.map.getSource(tilesName(feed))) this.map.refreshTiles(tilesName(feed));
  }
}

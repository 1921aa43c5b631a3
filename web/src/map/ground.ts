import type { FeatureIdentifier, Map as MapLibreMap, VectorTileSource } from 'maplibre-gl';
import type { BBox, Parcel } from '../core/feed';
import { tileAddress, tilesTouched, TILES_TO, type ParcelTiles, type TileId } from '../core/large';
import { AREAS, LABELS, tileSources, type TileSource } from './tiled';

/**
 * The parcels on the map: of most parks one GeoJSON source holds them all; of a large one vector tiles have what is in
 * sight, and exact shapes are known of those parcels alone that the page has asked for. Who marks, letters or hits a
 * parcel asks here.
 */

/** At most so many tiles are made anew one by one; beyond, all are. */
const SINGLY = 4_000;

/** The sources of a large park on the map, and what of them is old. */
export class ParcelGround {
  private tiles: ParcelTiles | null = null;
  /** Parcels whose exact shapes the page has, of a large park. */
  known: readonly Parcel[] = [];
  /** Tiles that were drawn before a change and may come back into sight. */
  private readonly old = new Map<string, TileId>();

  constructor(private readonly map: MapLibreMap) {
    map.on('moveend', () => this.makeAnew());
    map.setTransformRequest((url) => ({ url: this.tiles ? tileAddress(url, this.tiles.joinedTo) : url }));
  }

  /** Makes the sources that tiles need. Layers that use one that is not needed must be gone before `drop`. */
  add(tiles: ParcelTiles): void {
    const before = this.tiles;
    this.tiles = tiles;
    this.source('parcel-tiles', before?.all ?? null, tiles.all);
    if (tiles.kept !== null) this.source('parcel-kept', before?.kept ?? null, tiles.kept);
    if (before?.all !== tiles.all) this.old.clear();
  }

  private source(name: TileSource, before: string | null, address: string): void {
    const tiles = [location.origin + address];
    const there = this.map.getSource<VectorTileSource>(name);
    if (there && before !== address) there.setTiles(tiles);
    if (there) return;
    const promoteId = { [AREAS]: 'id', [LABELS]: 'id' };
    this.map.addSource(name, { type: 'vector', tiles, minzoom: 0, maxzoom: TILES_TO, promoteId });
  }

  /** Takes away the sources that `tiles` don't need. */
  drop(tiles: ParcelTiles | null): void {
    for (const name of tileSources) {
      const needed = tiles !== null && (name === 'parcel-tiles' || tiles.kept !== null);
      if (!needed && this.map.getSource(name)) this.map.removeSource(name);
    }
    this.tiles = tiles;
  }

  /** What a parcel is called in each source that has it, for its state there: its area, or its label. */
  of(id: string, part: 'area' | 'label' = 'area'): FeatureIdentifier[] {
    const here = tileSources.filter((source) => this.map.getSource(source));
    return here.map((source) => ({ source, sourceLayer: part === 'area' ? AREAS : LABELS, id }));
  }

  /** What lies in boxes, or with null anywhere, was changed: its tiles are made anew, no others. */
  refresh(boxes: readonly BBox[] | null): void {
    if (!this.tiles) return;
    const touched = boxes && tilesTouched(boxes, SINGLY);
    if (!touched || this.old.size + touched.length > 4 * SINGLY) {
      this.old.clear();
      for (const source of tileSources) if (this.map.getSource(source)) this.map.refreshTiles(source);
      return;
    }
    for (const tile of touched) this.old.set(`${tile.z}/${tile.x}/${tile.y}`, tile);
    this.makeAnew();
  }

  /** The map refreshes tiles in sight alone: those that come back into it are old, until they were in sight once. */
  private makeAnew(): void {
    if (this.old.size === 0) return;
    const seen = this.map.coveringTiles({ tileSize: 512, minzoom: 0, maxzoom: TILES_TO });
    for (const source of tileSources)
      if (this.map.getSource(source)) this.map.refreshTiles(source, [...this.old.values()]);
    for (const { canonical } of seen) this.old.delete(`${canonical.z}/${canonical.x}/${canonical.y}`);
  }
}

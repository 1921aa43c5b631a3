import type { LayerSpecification } from 'maplibre-gl';
import type { Layer } from '../core/layer';
import type { TiledFeed } from '../core/layertiles';
import type { Lang } from '../core/message';
import type { Theme } from '../core/theme';

/** How the parcels of a large park are drawn. */
export interface Tiled {
  /** Filters are set: what they leave is drawn over all, which is pale. */
  kept: boolean;
  /** How long the side of a parcel is in the mean, in metres. */
  sideM: number;
}

/** What the drawing depends on besides the data. */
export interface Look {
  theme: Theme;
  lang: Lang;
  /** Latitude that widths in metres are drawn for. */
  lat: number;
  /** The land and its coast are drawn: what lies beside them is sea. Before, nothing is known to be sea. */
  coast: boolean;
  /** The surface of scores that stands: parcels fade to outlines under it. */
  surface: 'none' | 'flat' | 'raised';
  /** A background lies under the park: what stands on it lets it through. */
  backed: boolean;
  /** A large park is open, whose parcels come as tiles; null: the open one's are all here. */
  tiled: Tiled | null;
  /** Its layers that come as tiles too, with how long the side of a feature is in the mean, in metres. */
  layered: ReadonlyMap<TiledFeed, number>;
  /** How far its nodes are from each other in the mean, in metres, where they are many; null: they fit. */
  nodesM: number | null;
}

/** Whether a change of a look changes anything. */
export const changes = (look: Look, change: Partial<Look>): boolean =>
  (Object.keys(change) as (keyof Look)[]).some(
    (key) => look[key] !== change[key] && told(look[key]) !== told(change[key]),
  );

const told = (value: unknown): string => JSON.stringify(value instanceof Map ? [...value] : value);

/** A layer of the style and the switch that shows it; null: always there. */
export interface Sheet {
  switch: Layer | null;
  spec: LayerSpecification;
}

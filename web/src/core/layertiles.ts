import { feedsOf, type LayerId } from './collection';
import type { TiledLayers } from './content';
import type { Park } from './feed';
import type { From } from './large';

/** The layers that may be drawn from tiles, by the feeds that hold them. */
export const tiledFeeds = ['zones', 'plan-units', 'networks', 'network-nodes'] as const;
export type TiledFeed = (typeof tiledFeeds)[number];

/** The tiles of one feed of a layer. */
export interface LayerTiles {
  /** The template of their addresses. */
  address: string;
  /** How long the side of a feature is in the mean, in metres, where areas share the park. */
  sideM: number;
}
export type TilesOfLayers = ReadonlyMap<TiledFeed, LayerTiles>;

/** The feeds of a layer. */
export const tiledFeedsOf = (id: LayerId): TiledFeed[] =>
  tiledFeeds.filter((feed) => feedsOf(id).includes(feed));

/** Where the tiles of a large park's layers are, as planners or the public see them, now or at an instant. */
export function layerTilesOf(
  park: Pick<Park, 'code' | 'computed_m2'>,
  { desk = false, at }: From,
  tiled: TiledLayers,
): TilesOfLayers {
  const query = new URLSearchParams({ ...(!desk && { park: park.code }), ...(at && { datetime: at }) });
  const text = query.toString();
  const base = desk ? `/api/parks/${encodeURIComponent(park.code)}/tiles` : '/tiles';
  return new Map(
    [...tiled].flatMap(([id, n]) =>
      tiledFeedsOf(id).map((feed) => [
        feed,
        {
          address: `${base}/${feed}/{z}/{x}/{y}${text && `?${text}`}`,
          sideM: Math.sqrt(park.computed_m2 / Math.max(1, n)),
        },
      ]),
    ),
  );
}

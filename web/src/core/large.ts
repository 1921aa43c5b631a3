import { activeFilters, isMeasured, type FilterId, type Filters, type Range } from './filters';
import type { BBox, Park } from './feed';
import { M2_PER_MU } from './format';
import type { Lang } from './message';
import type { Order } from './parcels';

/** A park of more public parcels is large: it is drawn from vector tiles, and the server lists, sorts and filters. */
const WHOLE_MOST = 5_000;

/** Whether a park is too large for a page to hold all of its parcels. */
export const isLarge = ({ parcels }: Pick<Park, 'parcels'>): boolean => parcels > WHOLE_MOST;

/** How a park is read: as planners see it, or the public; as it was at an instant, or now. */
export interface From {
  desk?: boolean;
  at?: string;
}

/** The tiles of a large park's parcels, as templates of their addresses. */
export interface ParcelTiles {
  all: string;
  /** Those of what the filters leave; null: there are no filters. */
  kept: string | null;
  /** How long the side of a parcel is in the mean, in metres. */
  sideM: number;
  /** Up to this zoom tiles tell the ground of statuses alone. */
  joinedTo: number;
}

/**
 * Where a parcel's side is shorter than this, in pixels, nobody needs its name to see the land, and names are most of
 * what a tile weighs. A click asks the server what lies there. It goes by whole levels of tiles, each of which is drawn
 * until the next: on the screen a side may be just under twice as long.
 */
const JOINED_PX = 5;

export function tilesOf(
  park: Pick<Park, 'code' | 'parcels' | 'computed_m2' | 'bbox'>,
  { desk = false, at }: From,
  filter: string | null,
): ParcelTiles {
  const base = desk ? `/api/parks/${encodeURIComponent(park.code)}/tiles/parcels` : '/tiles/parcels';
  const address = (more: Record<string, string>): string => {
    const query = new URLSearchParams({
      ...(!desk && { park: park.code }),
      ...(at && { datetime: at }),
      ...more,
    });
    const text = query.toString();
    return `${base}/{z}/{x}/{y}${text && `?${text}`}`;
  };
  const sideM = Math.sqrt(park.computed_m2 / Math.max(1, park.parcels));
  const [, south, , north] = park.bbox;
  return {
    all: address({}),
    kept: filter === null ? null : address({ filter }),
    sideM,
    joinedTo: Math.ceil(zoomOf(sideM, JOINED_PX, (south + north) / 2)) - 1,
  };
}

/** The address that a tile is asked by. */
export function tileAddress(url: string, joinedTo: number): string {
  const zoom = /\/tiles\/parcels\/(\d+)\//.exec(url)?.[1];
  if (zoom === undefined || Number(zoom) > joinedTo) return url;
  return `${url}${url.includes('?') ? '&' : '?'}joined=status`;
}

/** The filters that the server can go by where it lists; of single measures of land it lists nothing. */
export const listable = (filters: Filters): FilterId[] =>
  activeFilters(filters).filter((id) => !isMeasured(id));

/** The filters as CQL2; null: none that the server can go by is set. Unknown land is left out unless asked for. */
export function filterOf(filters: Filters): string | null {
  const parts = listable(filters).map((id) => {
    const { says, unless } = partOf(id, filters);
    return filters.unknown && unless.length > 0 ? `(${[says, ...unless].join(' OR ')})` : says;
  });
  return parts.length > 0 ? parts.join(' AND ') : null;
}

/** Whether land may lack what a filter asks for, so that nobody knows whether it fits. */
export const canLack = (id: FilterId): boolean => id !== 'status' && id !== 'mu';

/** What one filter says, and when it can't judge. */
function partOf(id: FilterId, filters: Filters): { says: string; unless: string[] } {
  switch (id) {
    case 'status':
      return { says: among('status', filters.statuses), unless: [] };
    case 'use':
      return { says: among('land_use', filters.uses), unless: ['land_use IS NULL'] };
    case 'ready': {
      const of = filters.ready.map((key) => `service_${key}`);
      return {
        says: of.map((each) => `${each} = TRUE`).join(' AND '),
        // what one of them is known to lack, it lacks
        unless: [`(${of.map((each) => `(${each} = TRUE OR ${each} IS NULL)`).join(' AND ')})`],
      };
    }
    case 'mu':
      return { says: within('legal_m2', filters.ranges.mu ?? [null, null], M2_PER_MU), unless: [] };
    default: {
      const range = within('price_cny_per_m2', filters.ranges.price ?? [null, null], 1);
      const rent = "price_kind = 'rent'";
      return {
        says: `(${range} AND (price_kind IS NULL OR NOT ${rent}))`,
        unless: ['price_cny_per_m2 IS NULL', rent],
      };
    }
  }
}

export const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;
export const among = (property: string, values: readonly string[]): string =>
  `${property} IN (${values.map(quoted).join(',')})`;

/** Legal areas carry four decimals, and so do links: what is typed as 60 mu holds land of 60 mu. */
const SLACK = 1e-4;

function within(property: string, [least, most]: Range, per: number): string {
  const end = (value: number, slack: number): string => ((value + slack) * per).toFixed(4);
  return [
    ...(least === null ? [] : [`${property} >= ${end(least, -SLACK)}`]),
    ...(most === null ? [] : [`${property} <= ${end(most, SLACK)}`]),
  ].join(' AND ');
}

/** What the server sorts by in the place of a column; null: it does not. */
const sortables = (lang: Lang): Partial<Record<Order['column'], string>> => ({
  code: 'code',
  status: 'status',
  mu: 'legal_m2',
  price: 'price_cny_per_m2',
  tenant: lang === 'zh' ? 'tenant_zh' : 'tenant_en',
  zone: 'zone',
  landuse: 'land_use',
});

/** Whether a large park's list can be in the order of a column. */
export const isSortable = (column: Order['column']): boolean => column in sortables('zh');

export function sortOf({ column, descending }: Order, lang: Lang): string {
  const by = sortables(lang)[column] ?? 'code';
  const sign = descending && isSortable(column) ? '-' : '';
  return by === 'code' ? `${sign}code` : `${sign}${by},code`;
}

/** The greatest zoom at which the server describes its tiles; deeper ones are drawn from these. */
export const TILES_TO = 18;

export interface TileId {
  z: number;
  x: number;
  y: number;
}

/** A tile shows a margin of its neighbours, of a 64th of its side; and the last digits of a place may round away. */
const MARGIN = 1 / 32;

/** All tiles in which something of boxes is drawn, at every zoom; null: more than `most`. */
export function tilesTouched(boxes: readonly BBox[], most: number): TileId[] | null {
  const found = new Map<string, TileId>();
  for (const [west, south, east, north] of boxes)
    for (let z = 0; z <= TILES_TO; z++) {
      const n = 2 ** z;
      const to = (share: number): number => Math.min(n - 1, Math.max(0, Math.floor(share)));
      const [x0, x1] = [to(acrossOf(west) * n - MARGIN), to(acrossOf(east) * n + MARGIN)];
      const [y0, y1] = [to(downOf(north) * n - MARGIN), to(downOf(south) * n + MARGIN)];
      if ((x1 - x0 + 1) * (y1 - y0 + 1) + found.size > most) return null;
      for (let x = x0; x <= x1; x++) for (let y = y0; y <= y1; y++) found.set(`${z}/${x}/${y}`, { z, x, y });
    }
  return [...found.values()];
}

/** How far east a longitude is, and how far south a latitude, as a share of the square of Web Mercator. */
const acrossOf = (lon: number): number => (lon + 180) / 360;
const downOf = (lat: number): number => 0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI);

/** The deepest zoom that a layer of the map's style may begin at. */
const DEEPEST = 24;

/** The zoom at which so many metres at a latitude are so many pixels; of none, the deepest. */
export const zoomOf = (metres: number, px: number, lat: number): number =>
  Math.min(
    DEEPEST,
    Math.log2((px * 2 * Math.PI * 6_378_137 * Math.cos((lat * Math.PI) / 180)) / (512 * metres)),
  );

import type { Polygon } from 'geojson';
import type { Lang } from './message';

/** As many corners as the address of a lot's page takes (api/sheet). */
export const MOST_CORNERS = 100;

/** As many parcels as a page tells of together (api/sheet). */
const MOST_TOGETHER = 10;

/** A unit of a lot's corners in its address, in degrees: the feeds' grid. */
const GRID = 1e-9;

/** Ground that has a page of its own. */
export interface Paged {
  kind: 'parcel' | 'lot' | 'assembly';
  parcels: readonly { code: string }[];
  /** The outline of a lot, or that as an address has it. */
  geometry?: Polygon;
  lot?: string | undefined;
}

/**
 * The outline of a lot as the address of its page has it: longitude and latitude of a corner, then each further one's
 * difference from the one before, in 10⁻⁹ degrees. Null where it has a hole or too many corners.
 */
export function lotText({ coordinates }: Polygon): string | null {
  const [ring, ...holes] = coordinates;
  if (!ring || holes.length > 0 || ring.length < 4 || ring.length - 1 > MOST_CORNERS) return null;
  const was = [0, 0];
  return ring
    .slice(0, -1)
    .flatMap((corner) =>
      [0, 1].map((k) => {
        const at = Math.round((corner[k] ?? 0) / GRID);
        const step = at - (was[k] ?? 0);
        was[k] = at;
        return String(step);
      }),
    )
    .join('_');
}

/**
 * The address of the page of ground, drawn by the server; null for what has none: a lot of unknown outline or of
 * several parcels, and more parcels than are told of together.
 */
export function sitePage(park: string, { kind, parcels, geometry, lot }: Paged, lang: Lang): string | null {
  if (parcels.length > (kind === 'lot' ? 1 : MOST_TOGETHER)) return null;
  const codes = parcels.map(({ code }) => encodeURIComponent(code)).join(',');
  const page = `/sites/${encodeURIComponent(park)}/${codes}?lang=${lang}`;
  if (kind !== 'lot') return page;
  const outline = lot ?? (geometry ? lotText(geometry) : null);
  return outline === null ? null : `${page}&lot=${outline}`;
}

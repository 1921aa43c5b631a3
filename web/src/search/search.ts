import { boxAround } from '../core/bbox';
import type { Hit, LonLat, Parcel } from '../core/feed';
import { labelPoint } from '../core/labelpoint';
import { M2_PER_MU } from '../core/format';

/**
 * The hits of a search, and what a member may see of the open park that the search, which knows what is public,
 * does not: parcels whose code holds the text, in any letter case: the one of just that code before the hits,
 * the rest after them.
 */
export function withOwn(hits: readonly Hit[], parcels: readonly Parcel[], park: string, text: string): Hit[] {
  const known = new Set(hits.map(({ id }) => id));
  const wanted = text.trim().toLowerCase();
  const own = parcels.filter(
    ({ id, properties: { code } }) => !known.has(id) && code.toLowerCase().includes(wanted),
  );
  const exact = ({ code }: Hit): boolean => code.toLowerCase() === wanted;
  const more = own.map((parcel) => hitOf(parcel, park));
  return [...more.filter(exact), ...hits, ...more.filter((hit) => !exact(hit))];
}

function hitOf({ id, geometry, properties: p }: Parcel, park: string): Hit {
  const { code, status, tenant_zh, tenant_en, project_zh, project_en } = p;
  const ring = (geometry.coordinates[0] ?? []) as LonLat[];
  const [west = 0, south = 0] = ring[0] ?? [];
  return {
    park,
    id,
    code,
    status,
    tenant_zh,
    tenant_en,
    project_zh,
    project_en,
    legal_mu: p.legal_m2 / M2_PER_MU,
    point: labelPoint(geometry) as LonLat,
    bbox: boxAround(ring) ?? [west, south, west, south],
  };
}

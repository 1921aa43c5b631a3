import type { Balance, Parcel, ParcelFacts, Status } from '../src/core/feed';

/** The feeds, read past the page: what the page must agree with. */
export async function read<T>(url: string, path: string): Promise<T> {
  const response = await fetch(url + path);
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  return (await response.json()) as T;
}

export const park = 'carbon-fibre';

export async function parcels(url: string): Promise<Parcel[]> {
  return (await read<{ features: Parcel[] }>(url, `/api/parks/${park}/parcels.geojson`)).features;
}

export const balance = (url: string): Promise<Balance> => read(url, `/api/parks/${park}/balance`);

export const facts = (url: string, id: string): Promise<ParcelFacts> =>
  read(url, `/api/parks/${park}/parcels/${id}`);

/** The parcel of a status with the most land. */
export async function largest(url: string, status: Status): Promise<Parcel> {
  const found = (await parcels(url))
    .filter((parcel) => parcel.properties.status === status)
    .sort((a, b) => b.properties.legal_m2 - a.properties.legal_m2)[0];
  if (!found) throw new Error(`the sample has no parcel that is ${status}`);
  return found;
}

/** A parcel with a tenant that has a name in both languages. */
export async function tenanted(
  url: string,
): Promise<Parcel & { properties: { tenant_zh: string; tenant_en: string } }> {
  const found = (await parcels(url)).find(
    ({ properties: p }) => p.tenant_zh && p.tenant_en && p.tenant_zh !== p.tenant_en,
  );
  if (!found) throw new Error('the sample has no tenant');
  return found as Parcel & { properties: { tenant_zh: string; tenant_en: string } };
}

/** The facts of a parcel that shares edges with at least two others. */
export async function withNeighbours(url: string): Promise<ParcelFacts> {
  for (const { id } of await parcels(url)) {
    const known = await facts(url, id);
    if (known.neighbours.length >= 2) return known;
  }
  throw new Error('no parcel of the sample has two neighbours');
}

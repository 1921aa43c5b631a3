import { FeedError, type Client } from './client';
import type { Balance, Network, Parcel, PlanUnitFeature, Zone } from './feed';
import type { Key } from './message';

/** A park's public features, as read at one time. */
export interface Content {
  parcels: Parcel[];
  zones: Zone[];
  plan: PlanUnitFeature[];
  networks: Network[];
  balance: Balance;
  /** What could not be read though the server answered: names of layers. */
  missing: Key[];
}

/**
 * Reads all of a park at once. Parcels and balance must come; of the rest a part may be missing and is named. Rejects as
 * Client does.
 */
export async function readContent(client: Client, park: string, signal: AbortSignal): Promise<Content> {
  const missing: Key[] = [];
  const part = <T>(key: Key, work: Promise<T[]>): Promise<T[]> =>
    work.catch((error: unknown) => {
      if (!(error instanceof FeedError) || error.failure === 'away') throw error;
      missing.push(key);
      return [];
    });
  const [parcels, balance, zones, plan, networks] = await Promise.all([
    client.parcels(park, signal),
    client.balance(park, signal),
    part('web.layer.zones', client.zones(park, signal)),
    part('web.layer.plan', client.planUnits(park, signal)),
    part('web.layers.pipes', client.networks(park, signal)),
  ]);
  return { parcels, balance, zones, plan, networks, missing };
}

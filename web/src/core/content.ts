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
 * Reads all of a park at once, as planners see it where `from` says so, now or as it was at an instant. Parcels
 * and balance must come; of the rest a part may be missing and is named. Rejects as Client does.
 */
export async function readContent(
  client: Client,
  park: string,
  signal: AbortSignal,
  from: { desk?: boolean; at?: string } = {},
): Promise<Content> {
  const { at } = from;
  const parcelsOf = (): Promise<Parcel[]> => {
    if (from.desk) return client.deskParcels(park, signal, at);
    return at ? client.parcelsAt(park, at, signal) : client.parcels(park, signal);
  };
  const missing: Key[] = [];
  const part = <T>(key: Key, work: Promise<T[]>): Promise<T[]> =>
    work.catch((error: unknown) => {
      if (!(error instanceof FeedError) || error.failure === 'away') throw error;
      missing.push(key);
      return [];
    });
  const [parcels, balance, zones, plan, networks] = await Promise.all([
    parcelsOf(),
    client.balance(park, signal, at),
    part(
      'web.layer.zones',
      from.desk ? client.deskItems<Zone>('zones', park, signal, at) : client.zones(park, signal, at),
    ),
    part(
      'web.layer.plan',
      from.desk
        ? client.deskItems<PlanUnitFeature>('plan-units', park, signal, at)
        : client.planUnits(park, signal, at),
    ),
    part(
      'web.layers.pipes',
      from.desk ? client.deskItems<Network>('networks', park, signal, at) : client.networks(park, signal, at),
    ),
  ]);
  return { parcels, balance, zones, plan, networks, missing };
}

import { FeedError, type Client } from './client';
import { collections, layerIds, type Features, type LayerId, type Lists } from './collection';
import type { Balance, Parcel } from './feed';
import type { Key } from './message';

/** A park's public features, as read at one time. */
export interface Content extends Lists {
  balance: Balance;
  /** What could not be read though the server answered: names of layers. */
  missing: Key[];
}

/**
 * Reads all of a park at once, as planners see it where `from` says so, now or as it was at an instant. Parcels
 * and balance must come; of the rest a part may be missing and is named. `balanced` hears the balance as soon as it is
 * here. Rejects as Client does.
 */
export async function readContent(
  client: Client,
  park: string,
  signal: AbortSignal,
  from: { desk?: boolean; at?: string } = {},
  balanced: (balance: Balance) => void = () => {},
): Promise<Content> {
  const { at } = from;
  const parcelsOf = (): Promise<Parcel[]> => {
    if (from.desk) return client.deskParcels(park, signal, at);
    return at ? client.parcelsAt(park, at, signal) : client.parcels(park, signal);
  };
  const missing: Key[] = [];
  const layer = (id: LayerId): Promise<Features[LayerId][]> =>
    client.layer(id, park, from, signal).catch((error: unknown) => {
      if (!(error instanceof FeedError) || error.failure === 'away') throw error;
      missing.push(collections[id].name);
      return [];
    });
  const [parcels, balance, ...read] = await Promise.all([
    parcelsOf(),
    client.balance(park, signal, at).then((each) => {
      balanced(each);
      return each;
    }),
    ...layerIds.map(layer),
  ]);
  return { ...listsOf(layerIds, read), parcels, balance, missing };
}

/** What was read of layers, under the names of their lists. */
export function listsOf(
  ids: readonly LayerId[],
  read: readonly (readonly Features[LayerId][])[],
): Omit<Lists, 'parcels'> {
  return Object.fromEntries(ids.map((id, i) => [collections[id].list, read[i] ?? []])) as Omit<
    Lists,
    'parcels'
  >;
}

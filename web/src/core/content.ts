import { FeedError, type Client } from './client';
import { collections, layerIds, type Features, type LayerId, type Lists } from './collection';
import type { Balance, Parcel } from './feed';
import type { From } from './large';
import type { Key } from './message';

/** A layer of a large park that has more features is not read: tiles draw it, and the page asks for what it needs. */
const LAYER_MOST = 2_000;

/** Layers that tiles draw, with how many features each has; where nobody says how many, more than LAYER_MOST. */
export type TiledLayers = ReadonlyMap<LayerId, number>;

/** A park's public features, as read at one time. */
export interface Content extends Lists {
  balance: Balance;
  /** The parcels are all that the reader may see; of a large park none are here: the page holds those it asked for. */
  whole: boolean;
  /** Of a large park, the layers whose lists are empty since tiles draw them; null: it is not known yet. */
  tiled: TiledLayers | null;
  /** What could not be read though the server answered: names of layers. */
  missing: Key[];
}

/** What is shown before the rest of a park is here. */
export type Early = Partial<Pick<Content, 'balance' | 'parcels'>>;

/**
 * Reads all of a park at once, as planners see it where `from` says so, now or as it was at an instant. Parcels
 * and balance must come; of the rest a part may be missing and is named. `early` hears the balance and the parcels as
 * soon as they are here. Rejects as Client does.
 */
export async function readContent(
  client: Client,
  park: string,
  signal: AbortSignal,
  from: From = {},
  early: (part: Early) => void = () => {},
): Promise<Content> {
  const { at } = from;
  const parcelsOf = (): Promise<Parcel[]> => {
    if (from.desk) return client.deskParcels(park, signal, at);
    return at ? client.parcelsAt(park, at, signal) : client.parcels(park, signal);
  };
  const told = <T>(part: T, named: Early): T => {
    early(named);
    return part;
  };
  const [parcels, balance, layers] = await Promise.all([
    parcelsOf().then((parcels) => told(parcels, { parcels })),
    client.balance(park, signal, at).then((balance) => told(balance, { balance })),
    readLayers(client, park, signal, from, Infinity),
  ]);
  return { ...layers, parcels, balance, whole: true };
}

/**
 * Reads of a large park what its map begins with: the balance. Its parcels stay with the
 * server, and what lies beside them comes by readLayers. Rejects as Client does.
 */
export async function readLarge(
  client: Client,
  park: string,
  signal: AbortSignal,
  from: From = {},
): Promise<Content> {
  const balance = await client.balance(park, signal, from.at, from.desk);
  return { ...listsOf(layerIds, []), parcels: [], balance, whole: false, tiled: null, missing: [] };
}

/** Reads what lies beside a park's parcels, but for layers of more than `most`. Rejects where nobody answers. */
export async function readLayers(
  client: Client,
  park: string,
  signal: AbortSignal,
  from: From = {},
  most = LAYER_MOST,
): Promise<Omit<Lists, 'parcels'> & Pick<Content, 'missing' | 'tiled'>> {
  const missing: Key[] = [];
  const tiled = new Map<LayerId, number>();
  const few = async (id: LayerId): Promise<Features[LayerId][]> => {
    const n = Number.isFinite(most) ? await client.layerCount(id, park, from, most, signal) : 0;
    if (n <= most) return client.layer(id, park, from, signal);
    tiled.set(id, n);
    return [];
  };
  const layer = (id: LayerId): Promise<Features[LayerId][]> =>
    few(id).catch((error: unknown) => {
      if (!(error instanceof FeedError) || error.failure === 'away') throw error;
      missing.push(collections[id].name);
      return [];
    });
  const read = await Promise.all(layerIds.map(layer));
  return { ...listsOf(layerIds, read), missing, tiled };
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

import type { Client } from '../core/client';
import { isCollection, layerIds, type LayerId } from '../core/collection';
import { listsOf, type Content } from '../core/content';
import type { Parcel } from '../core/feed';
import type { ParkEvent } from '../core/live';

/** More parcels than this are read in one go with all others; of a large park they are read in one request. */
const SINGLY = 12;
export const SINGLY_LARGE = 100;

/** What events touched of a park's map: some parcels, by id, or all of it; and whole layers. */
export interface Touched {
  /** Null: too many, or not all are named. Code null: it is gone. */
  parcels: ReadonlyMap<string, string | null> | null;
  layers: ReadonlySet<LayerId>;
}

/** Sums up events, in their order. */
export function touchedBy(events: readonly ParkEvent[], most = SINGLY): Touched {
  const parcels = new Map<string, string | null>();
  const layers = new Set<LayerId>();
  let known = true;
  for (const { changes, change_count } of events) {
    known &&= change_count === changes.length && changes.length > 0;
    for (const { collection, id, code, op } of changes) {
      if (collection === 'parcels') parcels.set(id, op === 'retired' ? null : code);
      else if (isCollection(collection)) layers.add(collection);
    }
    if (change_count > changes.length) for (const layer of layerIds) layers.add(layer);
  }
  return { parcels: known && parcels.size <= most ? parcels : null, layers };
}

/**
 * Reads what was touched, as planners see it with `desk`, and gives what brings a content up to date. The page of a
 * `whole` park counts itself what planners read; of others the server sums it. Rejects as Client does.
 */
export async function readTouched(
  client: Client,
  park: string,
  { parcels, layers }: Touched,
  { desk, whole }: { desk: boolean; whole: boolean },
  signal: AbortSignal,
): Promise<(content: Content) => Content> {
  const all = (): Promise<Parcel[]> =>
    desk ? client.deskParcels(park, signal) : client.parcels(park, signal);
  const one = async ([id, code]: [string, string | null]): Promise<Parcel | null> => {
    if (code === null) return null;
    return desk ? client.deskParcel(park, id, code, signal) : client.parcel(id, signal);
  };
  const ids = [...layers];
  const [some, everything, balance, ...read] = await Promise.all([
    parcels ? Promise.all([...parcels].map(one)) : [],
    parcels ? null : all(),
    client.balance(park, signal, undefined, desk && !whole),
    ...ids.map((id) => client.layer(id, park, { desk }, signal)),
  ]);
  const now = new Map(some.flatMap((parcel) => (parcel ? [[parcel.id, parcel]] : [])));
  return (content) => ({
    ...content,
    ...listsOf(ids, read),
    parcels: everything ?? patched(content.parcels, parcels ?? new Map(), now),
    balance,
  });
}

/** Each parcel in its old place as it is now, what is new after them. */
function patched(
  old: readonly Parcel[],
  touched: ReadonlyMap<string, string | null>,
  now: ReadonlyMap<string, Parcel>,
): Parcel[] {
  const held = new Set(old.map(({ id }) => id));
  return [
    ...old.flatMap((parcel) => (touched.has(parcel.id) ? (now.get(parcel.id) ?? []) : parcel)),
    ...[...now.values()].filter(({ id }) => !held.has(id)),
  ];
}

import type { Change } from './api';
import type { Network, Parcel, PlanUnitFeature, Zone } from './feed';
import type { Layer } from './layer';
import type { Key } from './message';

/** A feature of each collection that a park's map shows. */
export interface Features {
  parcels: Parcel;
  zones: Zone;
  'plan-units': PlanUnitFeature;
  networks: Network;
}
export type CollectionId = keyof Features;
/** Those that are read whole, as layers; parcels are read in their own ways. */
export type LayerId = Exclude<CollectionId, 'parcels'>;

interface Row {
  /** What one feature of it is called where it is selected. */
  of: string;
  /** Its list in the content of a park, and its source on the map. */
  list: string;
  name: Key;
  /** Its switch among the layers, where that may be off at the start. */
  layer?: Layer;
  /** Its shapes are lines and points: what is drawn doesn't end where it began. */
  lines?: true;
}

/** The collections of a park, one row each; the API's events name them and no others (`Change`). */
export const collections = {
  parcels: { of: 'parcel', list: 'parcels', name: 'web.layer.parcels' },
  zones: { of: 'zone', list: 'zones', name: 'web.layer.zones' },
  'plan-units': { of: 'plan', list: 'plan', name: 'web.layer.plan', layer: 'plan' },
  networks: { of: 'network', list: 'networks', name: 'web.layers.pipes', lines: true },
} as const satisfies Record<CollectionId & Exclude<Change['collection'], 'allotments'>, Row>;

/** What the page knows of a collection. */
export const rowOf = (id: CollectionId): Row => collections[id];
export const isCollection = (name: string): name is CollectionId => name in collections;
export const layerIds = (Object.keys(collections) as CollectionId[]).filter(
  (id): id is LayerId => id !== 'parcels',
);

/** The public collections that hold a layer: those of the feed have one type of geometry each. */
export function feedsOf(id: LayerId): string[] {
  return id === 'networks' ? ['networks', 'network-nodes'] : [id];
}

/** What a selected thing of a collection is called. */
export type ThingKind = (typeof collections)[CollectionId]['of'];
/** The lists of a park's features, by the names that the rows give. */
export type Lists = { [Id in CollectionId as (typeof collections)[Id]['list']]: Features[Id][] };

/** The collection that a kind of thing belongs to. */
export function collectionOf(of: ThingKind): CollectionId {
  const ids = Object.keys(collections) as CollectionId[];
  return ids.find((id) => collections[id].of === of) ?? 'parcels';
}

import type { Kind } from './feed';

/** What the reader can switch on and off, in the panel's order. */
export const layers = [
  'parks',
  'zones',
  'parcels',
  'plan',
  'grid',
  'roads',
  'rail',
  'power',
  'steam',
  'water',
  'gas',
  'sewer',
  'nitrogen',
] as const;
export type Layer = (typeof layers)[number];

export const layerGroups: { group: 'land' | 'ways' | 'pipes'; layers: Layer[] }[] = [
  { group: 'land', layers: ['parks', 'zones', 'parcels', 'plan', 'grid'] },
  { group: 'ways', layers: ['roads', 'rail'] },
  { group: 'pipes', layers: ['power', 'steam', 'water', 'gas', 'sewer', 'nitrogen'] },
];

/** Layers that start switched off. */
const offAtStart = new Set<Layer>(['plan']);

export const layersAtStart: ReadonlySet<Layer> = new Set(layers.filter((layer) => !offAtStart.has(layer)));

/** Which switch a kind of network hangs on. */
export const layerOfKind: Record<Kind, Layer> = {
  road: 'roads',
  rail: 'rail',
  port: 'rail',
  substation: 'power',
  power: 'power',
  steam: 'steam',
  water: 'water',
  gas: 'gas',
  sewer: 'sewer',
  nitrogen: 'nitrogen',
};

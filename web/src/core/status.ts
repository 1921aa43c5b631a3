/** A parcel's statuses, as the map and the legend have them in order. */
export const statuses = [
  'reserve',
  'available',
  'in_negotiation',
  'held',
  'reserved',
  'supplied',
  'built',
  'withdrawn',
] as const;
export type Status = (typeof statuses)[number];

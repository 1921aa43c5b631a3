/** Where the map looks; zoom as MapLibre counts it, degrees. */
export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

/** A flight goes no closer: who is next door should stay in sight. */
export const CLOSE_ZOOM = 15.9;

/** Lowest zoom at which workshops are drawn on their parcels. */
export const WORKSHOPS_FROM = 14;

/** Where the map looks; zoom as MapLibre counts it, degrees. */
export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

/** A flight goes no closer: who is next door should stay in sight. */
export const CLOSE_ZOOM = 15.9;

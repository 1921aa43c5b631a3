/** Where the map looks; zoom as MapLibre counts it, degrees. */
export interface View {
  zoom: number;
  lat: number;
  lon: number;
}

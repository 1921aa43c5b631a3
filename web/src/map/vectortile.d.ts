// The readers of vector tiles that come with vt-pbf have no types of their own.
declare module 'pbf' {
  const Pbf: new (bytes: Uint8Array) => { readonly length: number };
  export default Pbf;
}

declare module '@mapbox/vector-tile' {
  export interface VectorTileFeature {
    type: 1 | 2 | 3;
    properties: Record<string, string | number | boolean>;
    loadGeometry(): { x: number; y: number }[][];
  }
  export interface VectorTileLayer {
    version: number;
    extent: number;
    length: number;
    feature(i: number): VectorTileFeature;
  }
  export class VectorTile {
    constructor(pbf: { readonly length: number });
    layers: Record<string, VectorTileLayer | undefined>;
  }
}

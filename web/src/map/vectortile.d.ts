// The readers of vector tiles that come with vt-pbf have no types of their own.
declare module 'pbf' {
  export default class Pbf {
    constructor(bytes: Uint8Array);
  }
}

declare module '@mapbox/vector-tile' {
  import type Pbf from 'pbf';
  interface Place {
    x: number;
    y: number;
  }
  interface Feature {
    type: 1 | 2 | 3;
    properties: Record<string, string | number | boolean>;
    loadGeometry(): Place[][];
  }
  interface Layer {
    version: number;
    name: string;
    extent: number;
    length: number;
    feature(i: number): Feature;
  }
  export class VectorTile {
    constructor(pbf: Pbf);
    layers: Record<string, Layer | undefined>;
  }
}

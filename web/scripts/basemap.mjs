// Cuts Natural Earth's land (1:10 m, public domain) into vector tiles and packs them as one PMTiles file that the
// binary ships: land and coast only, no admin lines.
//
//  1. Read world-atlas' land-10m TopoJSON: polygons for `land`, their outlines for `coast`.
//  2. Cut both with geojson-vt, zoom 0 to MAX_ZOOM; deeper zooms are drawn from the deepest tile.
//  3. Encode each tile as MVT; tiles with equal bytes (open land) are stored once.
//  4. Write the PMTiles v3 archive.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import GeoJSONVT from 'geojson-vt';
import { feature, mesh } from 'topojson-client';
import vtpbf from 'vt-pbf';
import { packArchive, tileId } from './pmtiles.mjs';

const MAX_ZOOM = 7;
const OUT = fileURLToPath(new URL('../public/basemap/land.pmtiles', import.meta.url));

/**
 * The outlines of the land without the frame that Natural Earth closes its polygons with at the antimeridian
 * and pole.
 */
function coastOf(topology) {
  const lines = mesh(topology, topology.objects.land).coordinates;
  const onFrame = ([lon, lat]) => Math.abs(lon) > 179.999 || lat < -89.99;
  const kept = [];
  for (const line of lines) {
    let run = [];
    for (let i = 0; i < line.length; i++) {
      const closes = i > 0 && onFrame(line[i]) && onFrame(line[i - 1]);
      if (closes) {
        if (run.length > 1) kept.push(run);
        run = [];
      }
      run.push(line[i]);
    }
    if (run.length > 1) kept.push(run);
  }
  return { type: 'Feature', properties: {}, geometry: { type: 'MultiLineString', coordinates: kept } };
}

function cutTiles(layers) {
  const tiles = [];
  const walk = (z, x, y) => {
    const parts = {};
    for (const [name, index] of Object.entries(layers)) {
      const tile = index.getTile(z, x, y);
      if (tile?.features.length) parts[name] = tile;
    }
    if (Object.keys(parts).length === 0) return;
    tiles.push({ id: tileId(z, x, y), data: Buffer.from(vtpbf.fromGeojsonVt(parts, { version: 2 })) });
    if (z === MAX_ZOOM) return;
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ])
      walk(z + 1, x * 2 + dx, y * 2 + dy);
  };
  walk(0, 0, 0);
  return tiles.sort((a, b) => a.id - b.id);
}

const source = createRequire(import.meta.url).resolve('world-atlas/land-10m.json');
const topology = JSON.parse(await readFile(source, 'utf8'));
const options = {
  maxZoom: MAX_ZOOM,
  indexMaxZoom: MAX_ZOOM,
  indexMaxPoints: 0,
  tolerance: 3,
  buffer: 64,
  extent: 4096,
};
const tiles = cutTiles({
  land: new GeoJSONVT(feature(topology, topology.objects.land), options),
  coast: new GeoJSONVT(coastOf(topology), options),
});
const archive = packArchive(tiles, {
  minZoom: 0,
  maxZoom: MAX_ZOOM,
  metadata: {
    name: 'land',
    attribution: 'Natural Earth',
    vector_layers: ['land', 'coast'].map((id) => ({ id, fields: {}, minzoom: 0, maxzoom: MAX_ZOOM })),
  },
});
await mkdir(dirname(OUT), { recursive: true });
await writeFile(OUT, archive);
console.log(`basemap: ${tiles.length} tiles to zoom ${MAX_ZOOM}, ${(archive.length / 1024).toFixed(0)} KB`);

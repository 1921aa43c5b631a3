// Lets Mapbox's own decoder read the tiles of a park's parcels at each zoom, and holds them to the database: the area
// by status, the ids, and that neighbours meet. JUDGE_URL is the server, JUDGE_MODULES the folder whose node_modules
// has @mapbox/vector-tile and pbf. Areas are compared in EPSG:3857, into which PostGIS brings the shapes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';

const modules = createRequire(`${process.env.JUDGE_MODULES}/`);
const load = (name) => import(pathToFileURL(modules.resolve(name)));
const { VectorTile } = await load('@mapbox/vector-tile');
const pbf = await load('pbf');
const Pbf = pbf.PbfReader ?? pbf.default;

const [, , folder] = process.argv;
const park = basename(folder);
const { layers } = JSON.parse(readFileSync(`${folder}/truth.json`, 'utf8'));
const half = 20037508.342789244; // of the world's width in EPSG:3857
const mostOff = 0.005; // of the area of a status
const singly = 15; // from this zoom on parcels are drawn one by one

let faults = 0;
function fault(what) {
  if (++faults <= 30) console.log(`  FAULT ${what}`);
}

// polygons of a well-known text: an outline and its holes each, without the corner that closes them
const polygonsOf = (wkt) => wkt.split(/\)\s*\)\s*,\s*\(\s*\(/).map((one) => ringsOf(`(${one})`));
const ringsOf = (wkt) =>
  [...wkt.matchAll(/\(([^()]+)\)/g)].map(([, ring]) =>
    ring
      .split(',')
      .map((pair) => pair.trim().split(/\s+/).slice(0, 2).map(Number))
      .slice(0, -1),
  );

function signedArea(ring) {
  let twice = 0;
  for (let i = 0; i < ring.length; i++) {
    const [a, b] = [ring[i], ring[(i + 1) % ring.length]];
    twice += (a[0] - ring[0][0]) * (b[1] - ring[0][1]) - (b[0] - ring[0][0]) * (a[1] - ring[0][1]);
  }
  return twice / 2;
}

// within is a ring cut off at the edges of its tile, beyond which the next tile has it too.
function within(ring, extent) {
  for (const [axis, edge, sign] of [[0, 0, 1], [0, extent, -1], [1, 0, 1], [1, extent, -1]]) {
    const cut = [];
    ring.forEach((b, i) => {
      const a = ring[(i || ring.length) - 1];
      const [from, to] = [(a[axis] - edge) * sign, (b[axis] - edge) * sign];
      if (from < 0 !== to < 0) {
        const t = from / (from - to);
        cut.push([a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
      }
      if (to >= 0) cut.push(b);
    });
    if (cut.length === 0) return cut;
    ring = cut;
  }
  return ring;
}

// distance from a place to an outline
function distance(p, rings) {
  let least = Infinity;
  for (const ring of rings) {
    ring.forEach((b, i) => {
      const a = ring[(i || ring.length) - 1];
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
      const along = dx || dy ? ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / (dx * dx + dy * dy) : 0;
      const t = Math.min(1, Math.max(0, along));
      least = Math.min(least, Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy));
    });
  }
  return least;
}

const parcels = new Map(
  Object.entries(layers.parcels)
    .filter(([, one]) => one.public)
    .map(([id, { fields, public: { status, wkt } }]) => [id, { code: fields.code, status, polygons: polygonsOf(wkt) }]),
);
const truth = {};
const around = [Infinity, Infinity, -Infinity, -Infinity];
const cornersOf = new Map(); // of a place: the parcels that have a corner there
for (const [id, { status, polygons }] of parcels) {
  for (const rings of polygons) {
    const areas = rings.map((ring) => Math.abs(signedArea(ring)));
    truth[status] = (truth[status] ?? 0) + areas[0] - areas.slice(1).reduce((a, b) => a + b, 0);
  }
  for (const [x, y] of polygons.flat(2)) {
    around[0] = Math.min(around[0], x);
    around[1] = Math.min(around[1], y);
    around[2] = Math.max(around[2], x);
    around[3] = Math.max(around[3], y);
    const at = `${x},${y}`;
    cornersOf.set(at, (cornersOf.get(at) ?? new Set()).add(id));
  }
}
const shared = [...cornersOf]
  .filter(([, ids]) => ids.size > 1)
  .map(([at, ids]) => [at.split(',').map(Number), [...ids]]);

// decoded is a tile's parcels, with rings as pairs; null where nothing lies in it.
async function decoded(z, x, y) {
  const answer = await fetch(`${process.env.JUDGE_URL}/tiles/parcels/${z}/${x}/${y}.mvt?park=${park}`);
  if (answer.status === 204) return null;
  if (answer.status !== 200) throw new Error(`tile ${z}/${x}/${y}: ${answer.status}`);
  const layer = new VectorTile(new Pbf(new Uint8Array(await answer.arrayBuffer()))).layers.parcels;
  if (!layer) return null;
  const features = [];
  for (let i = 0; i < layer.length; i++) {
    const feature = layer.feature(i);
    // the last corner is the first again
    const rings = feature.loadGeometry().map((ring) => ring.slice(0, -1).map((p) => [p.x, p.y]));
    features.push({ ...feature.properties, rings });
  }
  return { extent: layer.extent, features };
}

let [met, most] = [0, 0];
for (let z = 8; z <= 18; z++) {
  const n = 2 ** z;
  const tile = (2 * half) / n;
  const area = {};
  const seen = new Set();
  const [west, east] = [around[0], around[2]].map((x) => Math.floor((x + half) / tile));
  const [north, south] = [around[3], around[1]].map((y) => Math.floor((half - y) / tile));
  for (let x = west; x <= east; x++) {
    for (let y = north; y <= south; y++) {
      const got = await decoded(z, x, y);
      if (!got) continue;
      const unit = tile / got.extent;
      const drawn = new Map();
      for (const { id, status, rings } of got.features) {
        if (id) {
          seen.add(id);
          drawn.set(id, rings);
          const want = parcels.get(id);
          if (!want) fault(`${z}/${x}/${y}: an id that the database doesn't have: ${id}`);
          else if (want.status !== status) fault(`${z}/${x}/${y}: ${want.code} is ${status}, want ${want.status}`);
        }
        for (const ring of rings) {
          area[status] = (area[status] ?? 0) + signedArea(within(ring, got.extent)) * unit * unit;
        }
      }
      for (const [[px, py], ids] of shared) {
        const at = [(px + half - x * tile) / unit, (half - py - y * tile) / unit];
        if (at.some((v) => v < 0 || v > got.extent)) continue;
        const here = ids.filter((id) => drawn.has(id));
        for (const a of here) {
          const corner = drawn.get(a).flat().find((c) => Math.abs(c[0] - at[0]) <= 1 && Math.abs(c[1] - at[1]) <= 1);
          for (const b of corner ? here.filter((id) => id !== a) : []) {
            met++;
            if (distance(corner, drawn.get(b)) > 1)
              fault(`${z}/${x}/${y}: ${parcels.get(a).code} and ${parcels.get(b).code} part at ${corner}`);
          }
        }
      }
    }
  }
  for (const status of new Set([...Object.keys(area), ...Object.keys(truth)])) {
    const [got, want] = [area[status] ?? 0, truth[status] ?? 0];
    const off = Math.abs(got - want) / want;
    most = Math.max(most, off);
    if (!(off <= mostOff))
      fault(`zoom ${z}: ${status} covers ${got.toFixed(1)} m² of EPSG:3857, want ${want.toFixed(1)}`);
  }
  for (const [id, { code }] of z >= singly ? parcels : [])
    if (!seen.has(id)) fault(`zoom ${z}: ${code} is in no tile by its id`);
}
if (shared.length > 0 && met === 0) fault('no corner of neighbours was looked at');
const found = faults ? `${faults} faults` : 'no faults';
console.log(
  `  ${parcels.size} parcels at zooms 8 to 18, area by status off by ${(most * 100).toFixed(3)} % at most, ` +
    `${met} corners of neighbours: ${found}`,
);
process.exit(faults ? 1 : 0);

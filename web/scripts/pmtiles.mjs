// A small writer of PMTiles v3 (https://github.com/protomaps/PMTiles/blob/main/spec/v3/spec.md): one clustered archive
// of gzipped vector tiles, with leaf directories only when the root would not fit the first 16 KiB.
import { gzipSync } from 'node:zlib';

const HEADER_BYTES = 127;
const ROOT_LIMIT = 16384 - HEADER_BYTES;
const GZIP = 2;
const MVT = 1;

/** The tile's place on the Hilbert curve, counted over all lower zooms (spec §4.1). z ≤ 26. */
export function tileId(z, x, y) {
  let id = (4 ** z - 1) / 3;
  for (let a = z - 1; a >= 0; a--) {
    const s = 2 ** a;
    const rx = x & s ? 1 : 0;
    const ry = y & s ? 1 : 0;
    id += s * s * ((3 * rx) ^ ry);
    if (ry === 0) {
      if (rx === 1) {
        x = s - 1 - (x & (s - 1));
        y = s - 1 - (y & (s - 1));
      }
      [x, y] = [y, x];
    }
    x &= s - 1;
    y &= s - 1;
  }
  return id;
}

function varint(value, out) {
  while (value >= 0x80) {
    out.push((value % 0x80) | 0x80);
    value = Math.floor(value / 0x80);
  }
  out.push(value);
}

/**
 * Serialises directory entries {id, run, length, offset}, run 0 for a leaf, as columns of varints, gzipped
 * (spec §4.2).
 */
function directory(entries) {
  const out = [];
  varint(entries.length, out);
  let last = 0;
  for (const e of entries) {
    varint(e.id - last, out);
    last = e.id;
  }
  for (const e of entries) varint(e.run, out);
  for (const e of entries) varint(e.length, out);
  entries.forEach((e, i) => {
    const before = entries[i - 1];
    const follows = before && e.offset === before.offset + before.length;
    varint(follows ? 0 : e.offset + 1, out);
  });
  return gzipSync(Buffer.from(out), { level: 9 });
}

/** Splits the entries over leaves until the root fits. */
function directories(entries) {
  const whole = directory(entries);
  if (whole.length <= ROOT_LIMIT) return { root: whole, leaves: Buffer.alloc(0) };
  for (let size = 4096; ; size *= 2) {
    const roots = [];
    const leaves = [];
    let offset = 0;
    for (let i = 0; i < entries.length; i += size) {
      const leaf = directory(entries.slice(i, i + size));
      roots.push({ id: entries[i].id, run: 0, length: leaf.length, offset });
      leaves.push(leaf);
      offset += leaf.length;
    }
    const root = directory(roots);
    if (root.length <= ROOT_LIMIT) return { root, leaves: Buffer.concat(leaves) };
  }
}

/** Stores each distinct tile once, and a run of equal neighbours on the curve as one entry. */
function storeTiles(tiles) {
  const seen = new Map();
  const chunks = [];
  const entries = [];
  let offset = 0;
  for (const { id, data } of tiles) {
    const key = data.toString('latin1');
    let at = seen.get(key);
    if (!at) {
      const packed = gzipSync(data, { level: 9 });
      at = { offset, length: packed.length };
      seen.set(key, at);
      chunks.push(packed);
      offset += packed.length;
    }
    const last = entries.at(-1);
    if (last && last.offset === at.offset && last.id + last.run === id) last.run++;
    else entries.push({ id, run: 1, ...at });
  }
  return { entries, data: Buffer.concat(chunks), contents: seen.size };
}

/**
 * Packs tiles, sorted by id, into one archive.
 * @param {{id: number, data: Buffer}[]} tiles uncompressed MVT
 * @param {{minZoom: number, maxZoom: number, metadata: object}} about
 * @returns {Buffer}
 */
export function packArchive(tiles, { minZoom, maxZoom, metadata }) {
  const { entries, data, contents } = storeTiles(tiles);
  const { root, leaves } = directories(entries);
  const meta = gzipSync(Buffer.from(JSON.stringify(metadata)), { level: 9 });

  const header = Buffer.alloc(HEADER_BYTES);
  header.write('PMTiles', 0, 'ascii');
  header.writeUInt8(3, 7);
  let at = HEADER_BYTES;
  [root, meta, leaves, data].forEach((section, i) => {
    header.writeBigUInt64LE(BigInt(at), 8 + i * 16);
    header.writeBigUInt64LE(BigInt(section.length), 16 + i * 16);
    at += section.length;
  });
  header.writeBigUInt64LE(BigInt(tiles.length), 72);
  header.writeBigUInt64LE(BigInt(entries.length), 80);
  header.writeBigUInt64LE(BigInt(contents), 88);
  header.writeUInt8(1, 96); // clustered: data follows the order of the ids
  header.writeUInt8(GZIP, 97);
  header.writeUInt8(GZIP, 98);
  header.writeUInt8(MVT, 99);
  header.writeUInt8(minZoom, 100);
  header.writeUInt8(maxZoom, 101);
  [-180, -85, 180, 85].forEach((degrees, i) => header.writeInt32LE(degrees * 1e7, 102 + i * 4));
  return Buffer.concat([header, root, meta, leaves, data]);
}

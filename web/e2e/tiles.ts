import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32, deflateSync, gzipSync } from 'node:zlib';
import type { Rgb } from './pixels';

/** A picture of one colour, 256 by 256, as PNG. */
export function picture([red, green, blue]: Rgb): Buffer {
  const row = Buffer.concat([Buffer.from([0]), Buffer.alloc(256 * 3, Buffer.from([red, green, blue]))]);
  const size = Buffer.from([0, 0, 1, 0, 0, 0, 1, 0, 8, 2, 0, 0, 0]);
  const chunk = (name: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(name), data]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(data.length);
    sum.writeUInt32BE(crc32(body));
    return Buffer.concat([length, body, sum]);
  };
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', size),
    chunk('IDAT', deflateSync(Buffer.concat(Array.from({ length: 256 }, () => row)))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

const varint = (value: number): number[] =>
  value < 0x80 ? [value] : [(value % 0x80) | 0x80, ...varint(Math.floor(value / 0x80))];

/** A PMTiles file (version 3) in which every tile of the world to zoom 14 is the same picture. */
export function tileFile(tile: Buffer): Buffer {
  const every = (4 ** 15 - 1) / 3;
  const root = gzipSync(Buffer.from([1, 0, every, tile.length, 1].flatMap(varint)));
  const metadata = gzipSync(Buffer.from('{}'));
  const head = Buffer.alloc(127);
  head.write('PMTiles\x03');
  const parts = [
    127,
    root.length,
    127 + root.length,
    metadata.length,
    0,
    0,
    127 + root.length + metadata.length,
  ];
  [...parts, tile.length, every, 1, 1].forEach((value, i) => head.writeBigUInt64LE(BigInt(value), 8 + 8 * i));
  // clustered, gzipped directories, tiles as they are, PNG, zooms 0 to 14
  head.set([1, 2, 1, 2, 0, 14], 96);
  [-1_800_000_000, -850_000_000, 1_800_000_000, 850_000_000].forEach((at, i) =>
    head.writeInt32LE(at, 102 + 4 * i),
  );
  return Buffer.concat([head, root, metadata, tile]);
}

/** A server of tiles on this machine; under /refused/ it gives none. */
export interface TileServer {
  url: string;
  server: Server;
}

export async function serveTiles(tile: Buffer): Promise<TileServer> {
  const server = createServer((request, answer) => {
    const refused = request.url?.startsWith('/refused/');
    answer.writeHead(refused ? 403 : 200, {
      'Content-Type': 'image/png',
      'Access-Control-Allow-Origin': '*',
    });
    answer.end(refused ? undefined : tile);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server };
}

import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Luodi } from './luodi';

/** How many parcels a large park has here. */
export const asked = Number(process.env.LUODI_PARCELS ?? 20_000);

/** A project of the large park's district. */
export const grownProject = '01901000-0000-7700-8000-000000000000';

/** The corner of the ground, in EPSG:4550, beside the sample's. */
const [EAST_M, NORTH_M] = [424_000, 4_124_000];

/**
 * Makes the park growing-1 of so many parcels, by the SQL of the benchmarks (data/store/storetest/grow.sql), with a
 * zone, a plan unit and a node for so many of them.
 */
export async function grow({ data }: Luodi, parcels = asked, each = 50): Promise<string> {
  const read = await readFile(
    fileURLToPath(new URL('../../data/store/storetest/grow.sql', import.meta.url)),
    'utf8',
  );
  // but as many wait for land as there: who waits for free land gets it
  const form = read.replace(/\b50\b(?! = 0 AND n)/g, String(each));
  const values = ['1', String(parcels), EAST_M.toFixed(6), NORTH_M.toFixed(6)];
  const sql = form
    .replace(/%\[(\d)\][df]/g, (_, which: string) => values[Number(which) - 1] ?? '')
    .replaceAll('%%', '%');
  await psql(data, `BEGIN; ${sql}; SELECT sum_anew(park) FROM ground; COMMIT; ANALYZE`);
  return 'growing-1';
}

/** Runs SQL as the owner of the private cluster below a data folder. */
async function psql(data: string, sql: string): Promise<void> {
  const root = '/usr/lib/postgresql';
  const [version = ''] = (await readdir(root)).sort().reverse();
  const address = `host=${join(data, 'var', 'socket')} port=5432 user=luodi dbname=luodi`;
  const running = promisify(execFile)(
    join(root, version, 'bin', 'psql'),
    [address, '-q', '-v', 'ON_ERROR_STOP=1', '-f', '-'],
    { maxBuffer: 1 << 24 },
  );
  running.child.stdin?.end(sql);
  await running;
}

import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { inject } from 'vitest';

export const binary = process.env.LUODI_BIN ?? fileURLToPath(new URL('../../bin/luodi', import.meta.url));

/** A running `luodi serve --sample` over a data folder of its own. */
export interface Luodi {
  url: string;
  port: number;
  data: string;
  /** Ends the server and waits until it is gone; the data folder stays. */
  stop(): Promise<void>;
  /** Ends it as a power cut does (SIGKILL). */
  kill(): Promise<void>;
}

/** A folder that the private cluster's own user can reach. */
export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'luodi-e2e-'));
  await chmod(folder, 0o755);
  return folder;
}

/** A folder with the sample park: a copy of one in which a luodi was stopped. Making it anew takes far longer. */
export async function dataFolder(sample = inject('sample')): Promise<string> {
  const folder = await emptyFolder();
  await promisify(execFile)('cp', ['-a', join(sample, 'var'), folder]);
  return folder;
}

export const removeFolder = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });

/** Starts the server and waits for the line with its address. Rejects with what it said if it ends before. */
export async function startLuodi(data: string, port = 0, ...flags: string[]): Promise<Luodi> {
  const child = spawn(
    binary,
    ['serve', '--sample', '--data', join(data, 'var'), '--listen', `127.0.0.1:${port}`, ...flags],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const url = await address(child);
  return {
    url,
    port: Number(new URL(url).port),
    data,
    stop: () => end(child),
    kill: () => end(child, 'SIGKILL'),
  };
}

function address(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on('line', (line) => {
        said.push(line);
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(line);
        if (found) resolve(found[0]);
      });
    }
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`luodi ended with ${code}:\n${said.join('\n')}`)));
  });
}

function end(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill(signal);
  });
}

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compressed } from './compress.config';
import { plainPages } from './plain.config';
import { preloadMap } from './preload.config';

/** Where `npm run dev` finds a running `luodi serve`. */
const server = process.env.LUODI_URL ?? 'http://127.0.0.1:8080';

/** What several parts share comes with the first load, but for what only members open. */
const first =
  /\/(src(?!\/(browse|agency|approval|board|building|promotion)\/)|svelte|message(?!\/(aiding|approving|board|building|promoting)\.))/;

export default defineConfig({
  plugins: [svelte(), plainPages(), preloadMap(), compressed()],
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // what several parts of the page share comes in one file: on a poor line each request costs a journey; what
          // only the list and the filters share comes with them
          groups: [{ name: 'shared', minShareCount: 2, test: first, minSize: 0 }],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', proxy: { '/api': server, '/ogc': server } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});

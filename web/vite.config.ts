import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compressed } from './compress.config';
import { plainPages } from './plain.config';
import { preloadMap } from './preload.config';

/** Where `npm run dev` finds a running `luodi serve`. */
const server = process.env.LUODI_URL ?? 'http://127.0.0.1:8080';

/** What panels share, but for what only members open. */
const panels =
  /\/(src(?!\/(agency|approval|board|building|promotion)\/)|message(?!\/(aiding|approving|board|building|promoting)\.))/;

export default defineConfig({
  plugins: [svelte(), plainPages(), preloadMap(), compressed()],
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: {
          // on a poor line each request costs a journey, and each byte that the first view doesn't need delays it: so
          // there are three files beside the map's, of what it shares and of what panels share
          groups: [
            { name: 'first', tags: ['$initial'], priority: 2 },
            {
              name: 'mapped',
              test: /\/src\/(core|map)\/|\/(pmtiles|fflate)\//,
              minShareCount: 2,
              priority: 1,
            },
            { name: 'panels', test: panels, minShareCount: 2 },
          ],
        },
      },
    },
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', proxy: { '/api': server, '/ogc': server } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});

import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';
import { compressed } from './compress.config';
import { plainPages } from './plain.config';
import { preloadFonts } from './preload.config';

/** Where `npm run dev` finds a running `luodi serve`. */
const server = process.env.LUODI_URL ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [svelte(), plainPages(), preloadFonts(), compressed()],
  build: {
    target: 'es2023',
    chunkSizeWarningLimit: 1500,
    assetsInlineLimit: 0,
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', proxy: { '/api': server, '/ogc': server } },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});

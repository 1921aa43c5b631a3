import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** Only map/ may touch MapLibre, and core/ and map/ are free of the framework. Who imports whom: src/rooms.test.ts. */
const rooms = [
  {
    files: ['src/**'],
    ignores: ['src/map/**', 'src/main.ts'],
    rules: { 'no-restricted-imports': ['error', { paths: ['maplibre-gl', 'pmtiles'] }] },
  },
  {
    files: ['src/core/**'],
    rules: {
      'no-restricted-imports': ['error', { patterns: ['svelte', 'svelte/*', 'maplibre-gl', 'pmtiles'] }],
    },
  },
  {
    files: ['src/map/**'],
    rules: { 'no-restricted-imports': ['error', { patterns: ['svelte', 'svelte/*'] }] },
  },
];

export default ts.config(
  { ignores: ['dist/', 'node_modules/', 'public/', 'src/core/api.ts'] },
  js.configs.recommended,
  ...ts.configs.strict,
  ...svelte.configs.recommended,
  { languageOptions: { globals: { ...globals.browser, ...globals.node } } },
  {
    files: ['**/*.svelte', '**/*.svelte.ts'],
    languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } },
    // maps and sets of the state are replaced whole, never changed in place
    rules: { 'svelte/prefer-svelte-reactivity': 'off' },
  },
  {
    rules: {
      'max-len': ['error', { code: 120, tabWidth: 4, ignoreUrls: true, ignoreRegExpLiterals: true }],
    },
  },
  ...rooms,
);

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Plugin } from 'vite';
import sansRanges from '@fontsource/noto-sans-sc/unicode.json';
import serifRanges from '@fontsource/noto-serif-sc/unicode.json';
import { cssVariables, dark, light } from './src/core/theme';

/** A font file of the build: `assets/noto-sans-sc-4-400-normal-BDFGDDVr.woff2`. */
const fontFile = /^assets\/noto-(sans|serif)-sc-([a-z0-9-]+)-(\d{3})-normal-[\w-]{8}\.woff2$/;

/**
 * The style that the server's own pages (/ogc, /api/docs) share with the map's page: the same font files, of which a
 * browser fetches the slices that its text needs, and the colours of both themes.
 */
export function sharedStyle(fileNames: string[]): string {
  const ranges: Record<string, Record<string, string>> = { sans: sansRanges, serif: serifRanges };
  const faces = new Map<string, string[]>();
  for (const name of fileNames) {
    const [, family = '', slice = '', weight = ''] = fontFile.exec(name) ?? [];
    const range = ranges[family]?.[slice] ?? ranges[family]?.[`[${slice}]`];
    if (!range) continue;
    const face =
      `@font-face{font-family:'Luodi ${family === 'sans' ? 'Sans' : 'Serif'}';font-weight:${weight};` +
      `font-display:swap;src:url(${name}) format('woff2');unicode-range:${range}}`;
    faces.set(range, [...(faces.get(range) ?? []), face]); // equal ranges side by side are packed well
  }
  if (faces.size === 0) throw new Error('the build holds no font files');
  // a later face wins where ranges overlap, as in the table of the fonts
  const order = [...new Set([...Object.values(sansRanges), ...Object.values(serifRanges)])];
  const variables = (theme: typeof light): string =>
    `:root{${Object.entries(cssVariables(theme))
      .map(([name, value]) => `${name}:${value}`)
      .join(';')}}`;
  return [
    ...order.flatMap((range) => faces.get(range) ?? []),
    variables(light),
    `@media (prefers-color-scheme:dark){${variables(dark)}}`,
  ].join('\n');
}

/** The type that the server sets its PDF and pictures in, as WOFF 1.0: docs/decisions/0025-paper.md. */
const paperType = ['400', '600'];

/** The files of the viewer of /api/docs that are shipped, with its licences. */
const viewer = [
  'swagger-ui-bundle.js',
  'swagger-ui.css',
  'LICENSE',
  'NOTICE',
  'swagger-ui-bundle.js.LICENSE.txt',
];

/** The line that names a file's source map, which is not shipped. */
const sourceMap = /\n\/[/*]# sourceMappingURL=\S+( \*\/)?\s*$/;

/**
 * Adds to the build what the server's own pages use: pages.css, the viewer of the API's documents in docs/, the type
 * of what it prints in type/.
 */
export function plainPages(): Plugin {
  return {
    name: 'luodi-plain-pages',
    apply: 'build',
    async generateBundle(_, bundle) {
      this.emitFile({ type: 'asset', fileName: 'pages.css', source: sharedStyle(Object.keys(bundle)) });
      const resolve = createRequire(import.meta.url).resolve;
      for (const weight of paperType) {
        const font = resolve(
          `@fontsource/noto-sans-sc/files/noto-sans-sc-chinese-simplified-${weight}-normal.woff`,
        );
        this.emitFile({ type: 'asset', fileName: `type/sans-${weight}.woff`, source: await readFile(font) });
      }
      const folder = dirname(resolve('swagger-ui-dist/package.json'));
      for (const name of viewer) {
        const shipped = name.includes('.') ? name : `${name}.txt`;
        this.emitFile({
          type: 'asset',
          fileName: `docs/${shipped}`,
          source: (await readFile(join(folder, name), 'utf8')).replace(sourceMap, ''),
        });
      }
    },
  };
}

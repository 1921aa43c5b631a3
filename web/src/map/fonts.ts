import type { FontFacesSpecification } from 'maplibre-gl';
import sansRanges from '@fontsource/noto-sans-sc/unicode.json';
import serifRanges from '@fontsource/noto-serif-sc/unicode.json';

/** The shipped type, in slices by unicode-range: the reader's browser fetches only the slices that its text needs. */
const sans400 = import.meta.glob<string>('/node_modules/@fontsource/noto-sans-sc/files/*-400-normal.woff2', {
  query: '?url',
  import: 'default',
  eager: true,
});
const sans600 = import.meta.glob<string>('/node_modules/@fontsource/noto-sans-sc/files/*-600-normal.woff2', {
  query: '?url',
  import: 'default',
  eager: true,
});
const serif600 = import.meta.glob<string>(
  '/node_modules/@fontsource/noto-serif-sc/files/*-600-normal.woff2',
  {
    query: '?url',
    import: 'default',
    eager: true,
  },
);

interface Slice {
  url: string;
  ranges: string;
}

/** "[4]" and "latin" of fontsource's table are the files "…-4-400-normal" and "…-latin-400-normal". */
function slices(files: Record<string, string>, ranges: Record<string, string>): Slice[] {
  const urls = new Map(
    Object.entries(files).map(([path, url]) => [/-sc-([a-z0-9-]+)-\d+-normal\.woff2$/.exec(path)?.[1], url]),
  );
  return Object.entries(ranges).flatMap(([name, range]) => {
    const url = urls.get(name.replace(/[[\]]/g, ''));
    return url ? [{ url, ranges: range }] : [];
  });
}

const faces = [
  { family: 'Luodi Sans', weight: 400, slices: slices(sans400, sansRanges) },
  { family: 'Luodi Sans', weight: 600, slices: slices(sans600, sansRanges) },
  { family: 'Luodi Serif', weight: 600, slices: slices(serif600, serifRanges) },
];

/** Names of the map's fonts, for `text-font`. */
export const mapFont = {
  regular: 'Luodi Sans 400',
  strong: 'Luodi Sans 600',
  title: 'Luodi Serif 600',
} as const;

/** Makes the shipped type known to the page's own text. */
export function installPageFonts(): void {
  const style = document.createElement('style');
  style.textContent = faces
    .flatMap(({ family, weight, slices }) =>
      slices.map(
        ({ url, ranges }) =>
          `@font-face{font-family:'${family}';font-weight:${weight};font-display:swap;` +
          `src:url(${url}) format('woff2');unicode-range:${ranges}}`,
      ),
    )
    .join('');
  document.head.append(style);
}

/**
 * The same files for the map, which draws its labels itself. Later slices of fontsource's table win in CSS, so
 * they come first here.
 */
export function mapFontFaces(): FontFacesSpecification {
  return Object.fromEntries(
    faces.map(({ family, weight, slices }) => [
      `${family} ${weight}`,
      slices.toReversed().map(({ url, ranges }) => ({
        url: new URL(url, location.href).href,
        'unicode-range': ranges.split(','),
      })),
    ]),
  );
}

/**
 * Fetches the slices that a text needs in every face, so that it can be shown when the server is gone. Slices
 * that fail are not missed yet.
 */
export async function fetchFontsFor(text: string): Promise<void> {
  await Promise.allSettled(
    faces.map(({ family, weight }) => document.fonts.load(`${weight} 14px '${family}'`, text)),
  );
}

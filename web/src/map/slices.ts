import ranges from '@fontsource/noto-sans-sc/unicode.json';
import { installSlices, type FaceName, type Slice } from './fonts';

/**
 * The whole type in slices by unicode-range, for characters that nobody had in use at the build: a name that is typed
 * today. The browser fetches only the slices that its text needs.
 */
const files: Record<FaceName, Record<string, string>> = {
  'sans-400': import.meta.glob<string>(
    [
      '/node_modules/@fontsource/noto-sans-sc/files/*-400-normal.woff2',
      '!/**/*-chinese-simplified-400-normal.woff2',
    ],
    { query: '?url', import: 'default', eager: true },
  ),
  'sans-600': import.meta.glob<string>(
    [
      '/node_modules/@fontsource/noto-sans-sc/files/*-600-normal.woff2',
      '!/**/*-chinese-simplified-600-normal.woff2',
    ],
    { query: '?url', import: 'default', eager: true },
  ),
  'serif-600': import.meta.glob<string>(
    [
      '/node_modules/@fontsource/noto-serif-sc/files/*-600-normal.woff2',
      '!/**/*-chinese-simplified-600-normal.woff2',
    ],
    { query: '?url', import: 'default', eager: true },
  ),
};

/** "[4]" and "latin" of fontsource's table, one for both families, are files named "…-4-400-normal", "…-latin-…". */
function slicesOf(name: FaceName): Slice[] {
  const urls = new Map(
    Object.entries(files[name]).map(([path, url]) => [
      /-sc-([a-z0-9-]+)-\d+-normal\.woff2$/.exec(path)?.[1],
      url,
    ]),
  );
  return Object.entries(ranges).flatMap(([id, range]) => {
    const url = urls.get(id.replace(/[[\]]/g, ''));
    return url ? [{ url, ranges: range }] : [];
  });
}

/** The slices of every face. They are known to the page's own text from the first import on. */
export const slices: Record<FaceName, Slice[]> = {
  'sans-400': slicesOf('sans-400'),
  'sans-600': slicesOf('sans-600'),
  'serif-600': slicesOf('serif-600'),
};
installSlices(slices);

import type { FontFacesSpecification } from 'maplibre-gl';
import cut from './cut/cut.json';

/**
 * The shipped type. At the build (scripts/fonts.mjs) each face is cut to the characters in use, in two files: what the
 * first view shows, and the rest. Any other character is drawn from slices (slices.ts), which are fetched when one is
 * met.
 */
const urls = import.meta.glob<string>('./cut/*.woff2', { query: '?url', import: 'default', eager: true });

const names = ['sans-400', 'sans-600', 'serif-600'] as const;
export type FaceName = (typeof names)[number];

/** A font file, and for which characters it stands, as CSS writes them. */
export interface Slice {
  url: string;
  ranges: string;
}

/** "U+61-63,U+7070" of characters. */
export function rangesOf(characters: string): string {
  const codes = [...characters].map((each) => each.codePointAt(0) ?? 0).sort((a, b) => a - b);
  const runs: [from: number, to: number][] = [];
  for (const code of codes) {
    const last = runs.at(-1);
    if (last && code <= last[1] + 1) last[1] = code;
    else runs.push([code, code]);
  }
  const hex = (code: number): string => code.toString(16);
  return runs.map(([from, to]) => `U+${hex(from)}${to > from ? `-${hex(to)}` : ''}`).join(',');
}

const faces = names.map((name) => {
  const [family = '', weight = ''] = name.split('-');
  return {
    name,
    family: family === 'sans' ? 'Luodi Sans' : 'Luodi Serif',
    weight,
    slices: Object.entries(cut.faces[name]).map(([part, text]): Slice => ({
      url: urls[`./cut/${name}-${part}.woff2`] ?? '',
      ranges: rangesOf(text),
    })),
  };
});

/** A character that one of the cut faces lacks. */
const uncut = new RegExp(
  `[^\\s${[...cut.faces['sans-400'].first, ...cut.faces['sans-400'].more]
    .filter((each) => names.every((name) => (cut.faces[name].first + cut.faces[name].more).includes(each)))
    .map((each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`)
    .join('')}]`,
  'u',
);

/** Whether the cut faces have every character of a text. */
export const isCut = (text: string): boolean => !uncut.test(text);

/** Names of the map's fonts, for `text-font`. */
export const mapFont = {
  regular: 'Luodi Sans 400',
  strong: 'Luodi Sans 600',
  title: 'Luodi Serif 600',
} as const;

type More = Partial<Record<FaceName, readonly Slice[]>>;

/** Makes type known to the page's own text. What comes later in the document wins where ranges overlap. */
function install(
  place: 'append' | 'prepend',
  slicesOf: (face: (typeof faces)[number]) => readonly Slice[],
): void {
  const style = document.createElement('style');
  style.textContent = faces
    .flatMap((face) =>
      slicesOf(face).map(
        ({ url, ranges }) =>
          `@font-face{font-family:'${face.family}';font-weight:${face.weight};font-display:swap;` +
          `src:url(${url}) format('woff2');unicode-range:${ranges}}`,
      ),
    )
    .join('');
  document.head[place](style);
}

export function installPageFonts(): void {
  install('append', ({ slices }) => slices);
}

/** The same for characters that were not cut, behind those that were. */
export function installSlices(more: More): void {
  install('prepend', ({ name }) => more[name] ?? []);
  // a new table may have the browser forget which files are here
  for (const text of wanted) void load(text);
}

/** The same files for the map, which draws its labels itself; there, what comes first wins. */
export function mapFontFaces(more: More = {}): FontFacesSpecification {
  return Object.fromEntries(
    faces.map(({ name, family, weight, slices }) => [
      `${family} ${weight}`,
      [...slices, ...(more[name] ?? []).toReversed()].map(({ url, ranges }) => ({
        url: new URL(url, location.href).href,
        'unicode-range': ranges.split(','),
      })),
    ]),
  );
}

/** Texts that must be legible when the server is gone. */
const wanted = new Set<string>();

/**
 * Fetches the files that a text needs in every face, so that it can be shown when the server is gone. Files
 * that fail are not missed yet.
 */
export async function fetchFontsFor(text: string): Promise<void> {
  wanted.add(text);
  await load(text);
}

async function load(text: string): Promise<void> {
  await Promise.allSettled(
    faces.map(({ family, weight }) => document.fonts.load(`${weight} 14px '${family}'`, text)),
  );
}

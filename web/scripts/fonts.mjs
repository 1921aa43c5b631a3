// Cuts the shipped type to the characters in use: those of the message tables and of the sample. Each face becomes
// two files, `first` with what the first view shows (src/map/first.json) and `more` with the rest; any other character
// is drawn from the slices of @fontsource, which the page fetches one by one (src/map/slices.ts).
//
//  1. Collect the characters in use, and leave out those that the whole font has no glyph for.
//  2. Cut each face twice with HarfBuzz, and write the files and the table of their characters to src/map/cut.
//  3. Write nothing where what went in is what went in last time: cutting takes ten seconds.
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { convert } from 'fontverter';
import { Blob, Face } from 'harfbuzzjs';
import subset from 'subset-font';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));
const out = at('../src/map/cut/');
const messages = at('../../message/');
const samples = ['lingang.json', 'carbon_fibre.json', 'youkang_flow.json'].map((name) =>
  at(`../../data/sample/${name}`),
);
const template = at('../../geo/flow/four_stages.json');
const firstView = at('../src/map/first.json');
const font = (name) =>
  at(`../node_modules/@fontsource/noto-${name}-sc/files/noto-${name}-sc-chinese-simplified-`);
const faces = {
  'sans-400': `${font('sans')}400-normal.woff2`,
  'sans-600': `${font('sans')}600-normal.woff2`,
  'serif-600': `${font('serif')}600-normal.woff2`,
};

const read = async (paths) => Promise.all(paths.map((path) => readFile(path)));
const isDrawn = (character) => character >= ' ';

/** The characters of the message tables that people read in a browser, of the sample and of the shipped approvals. */
async function charactersInUse() {
  const tables = (await readdir(messages)).filter((name) => name.endsWith('.json') && name !== 'cli.json');
  const texts = await read([...tables.map((name) => messages + name), ...samples, template]);
  return new Set(texts.map(String).join(''));
}

/** What the files are made from, in short: they are cut anew when it changes. */
async function edition(used, first) {
  const hash = createHash('sha256')
    .update([...used].sort().join(''))
    .update(JSON.stringify(first));
  for (const bytes of await read([fileURLToPath(import.meta.url), at('../package-lock.json')]))
    hash.update(bytes);
  return hash.digest('base64url').slice(0, 16);
}

async function cut(name, path, used, first) {
  const whole = await convert(await readFile(path), 'sfnt');
  const has = new Set(
    [...new Face(new Blob(whole)).collectUnicodes()].map((each) => String.fromCodePoint(each)),
  );
  const drawn = [...used].filter((each) => isDrawn(each) && has.has(each)).sort();
  const early = new Set(first[name] ?? '');
  const parts = {
    first: drawn.filter((each) => early.has(each)).join(''),
    more: drawn.filter((each) => !early.has(each)).join(''),
  };
  for (const [part, text] of Object.entries(parts))
    await writeFile(`${out}${name}-${part}.woff2`, await subset(whole, text, { targetFormat: 'woff2' }));
  return parts;
}

const used = await charactersInUse();
const first = JSON.parse(await readFile(firstView, 'utf8'));
for (const text of Object.values(first)) for (const each of text) used.add(each);
const now = await edition(used, first);
const made = await readFile(`${out}cut.json`, 'utf8').then(JSON.parse, () => null);
if (made?.edition !== now) {
  await mkdir(out, { recursive: true });
  const table = { edition: now, faces: {} };
  for (const [name, path] of Object.entries(faces)) table.faces[name] = await cut(name, path, used, first);
  await writeFile(`${out}cut.json`, JSON.stringify(table) + '\n');
}

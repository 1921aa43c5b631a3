// Writes src/core/api.ts, the types of what the API takes and answers, from the API's own document
// (api/testdata/openapi.json, which a Go test holds to the server). Building, testing and checking the page run it
// first, so the module is not kept in git.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';

const WIDTH = 110;

/** What the document leaves open, by schema and property; a test refuses one that the document doesn't have. */
export const known = {
  'BalanceRow.status': "Exclude<Status, 'built'>",
  'Criterion.want': "'benefit' | 'cost' | 'target' | 'range'",
  'HeatFeature.geometry': 'Polygon | MultiPolygon',
  'Hit.status': 'Status | null',
  'ImportReport.preview':
    "{ features: { type: 'Feature'; geometry: Polygon | MultiPolygon; " +
    'properties: { row: number; code: string; state: string } }[] }',
  'HitList.statuses': 'Status[]',
  'MatchSite.cut': 'LineString',
  'MatchSite.geometry': 'Polygon',
  'Neighbour.status': 'Status',
  'NodeDraw.service': "Draw['service']",
  'NodeDraw.state': 'keyof ByState',
  'ParcelState.geometry': 'Polygon',
  'ParcelState.status': "Status | 'retired'",
  'Problem.now': '{ status?: string; state?: string; version: number } | null',
  'Project.figures': '{ [name: string]: unknown }',
  'Project.requirement': '{ [name: string]: unknown }',
  'SavedMatch.question': 'Question',
  'SavedMatch.ranking': '{ rank: number; id: string; key?: string; code: string; score: number }[]',
  'NearNode.point': 'LonLat | null',
  'NearNode.service': "Draw['service']",
  'ServiceNode.point': 'LonLat | null',
  'ServiceTotal.service': "Draw['service']",
  'Shape.decision': '{ [name: string]: unknown }',
  'Shape.geometry': 'Polygon',
  'Shortfall.service': "Draw['service']",
  'SurveyFeature.geometry': "Polygon | LineString | { type: 'Point'; coordinates: LonLat }",
  'Terms.commitments': '{ [name: string]: number | string }',
};

/** Reads a file of the repository, by its path from the top. */
const read = (path) => readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');

const target = fileURLToPath(new URL('../src/core/api.ts', import.meta.url));

/** The module's text. */
export async function apiTypes(document = JSON.parse(read('api/testdata/openapi.json'))) {
  const { schemas } = document.components;
  const names = Object.keys(schemas).sort();
  const text = [
    '// Written by `npm run api` from api/testdata/openapi.json at each build, and not kept in git.',
    "import type { LineString, MultiPolygon, Polygon } from 'geojson';",
    "import type { Status } from './status';",
    '',
    '/** Longitude and latitude on CGCS2000, in degrees. */',
    'export type LonLat = [lon: number, lat: number];',
    'export type BBox = [west: number, south: number, east: number, north: number];',
    ...names.flatMap((name) => ['', ...declared(name, schemas[name])]),
    '',
    "/** The kinds of change, by the server's rows. */",
    `export const kindRows = ${kindRows(schemas.Command.properties.kind['x-kinds'])} as const;`,
    '',
  ].join('\n');
  return format(text, { ...(await resolveConfig(target)), parser: 'typescript' });
}

/** The rows by their names, in their order; what is not so is left out. */
function kindRows(rows) {
  const told = rows.map(({ name, ...row }) => [name, Object.entries(row).filter(([, value]) => value)]);
  return JSON.stringify(Object.fromEntries(told.map(([kind, row]) => [kind, Object.fromEntries(row)])));
}

function declared(name, schema) {
  if (!schema.properties) return [`export type ${name} = ${typeOf(schema)};`];
  const required = new Set(schema.required);
  const members = Object.keys(schema.properties)
    .sort()
    .flatMap((key) => {
      const property = schema.properties[key];
      const type = known[`${name}.${key}`] ?? typeOf(property);
      return [...comment(property), `  ${quoted(key)}${required.has(key) ? '' : '?'}: ${type};`];
    });
  return [`export interface ${name} {`, ...members, '}'];
}

function comment({ description }) {
  if (!description) return [];
  const line = `  /** ${description} */`;
  if (line.length <= WIDTH) return [line];
  const lines = [''];
  for (const word of description.split(' ')) {
    const longer = `${lines.at(-1)} ${word}`;
    if (longer.length + 4 > WIDTH) lines.push(` ${word}`);
    else lines[lines.length - 1] = longer;
  }
  return ['  /**', ...lines.map((text) => `   *${text}`), '   */'];
}

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').at(-1);
  if (schema.anyOf) return schema.anyOf.map(typeOf).join(' | ');
  if (schema.enum)
    return schema.enum.map((value) => `'${value}'`).join(' | ') + (nullable(schema) ? ' | null' : '');
  const types = [schema.type ?? []].flat();
  if (types.length === 0) return 'unknown';
  return types.map((type) => plain(type, schema)).join(' | ');
}

const nullable = ({ type }) => Array.isArray(type) && type.includes('null');

function plain(type, schema) {
  switch (type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return arrayOf(schema);
    case 'object':
      return schema.additionalProperties
        ? `{ [name: string]: ${valueOf(schema.additionalProperties)} }`
        : 'object';
    default:
      return type; // string, boolean, null
  }
}

const valueOf = (values) => (values === true ? 'unknown' : typeOf(values));

function arrayOf({ items, minItems, maxItems }) {
  if (items.type === 'number' && minItems === maxItems && minItems === 2) return 'LonLat';
  if (items.type === 'number' && minItems === maxItems && minItems === 4) return 'BBox';
  const type = typeOf(items);
  return /[ |]/.test(type) ? `(${type})[]` : `${type}[]`;
}

const quoted = (key) => (/^[A-Za-z_]\w*$/.test(key) ? key : `'${key}'`);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const text = await apiTypes();
  // an unchanged module keeps its time, so that `make` has nothing to build anew
  if (!existsSync(target) || readFileSync(target, 'utf8') !== text) writeFileSync(target, text);
}

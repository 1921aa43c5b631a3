// Holds what a running Luodi says of itself to validators that know nothing of it: both OpenAPI documents to
// their standards, every public feature to the JSON Schema of its collection. Prints what was held; ends with 1
// when anything is refused.
//
//   node scripts/validate.mjs http://127.0.0.1:8080
import { Validator } from '@seriousme/openapi-schema-validator';
import Ajv2020 from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const base = process.argv[2];
const faults = [];
const get = async (path) => {
  const answer = await fetch(new URL(path, base), { headers: { 'Accept-Language': 'en' } });
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
};

/**
 * The shapes of geojson.org that the schemas refer to (RFC 7946): their own documents are of an older JSON
 * Schema, and this must run without a network.
 */
function geoJSON(ajv) {
  const position = { type: 'array', items: { type: 'number' }, minItems: 2 };
  const list = (items, minItems) => ({ type: 'array', items, minItems });
  const ring = list(position, 4);
  const coordinates = {
    Point: position,
    LineString: list(position, 2),
    Polygon: list(ring, 1),
    MultiPoint: list(position, 0),
    MultiLineString: list(list(position, 2), 0),
    MultiPolygon: list(list(ring, 1), 0),
  };
  const schemas = Object.entries(coordinates).map(([type, shape]) => ({
    $id: `https://geojson.org/schema/${type}.json`,
    type: 'object',
    required: ['type', 'coordinates'],
    properties: { type: { const: type }, coordinates: shape },
  }));
  schemas.forEach((schema) => ajv.addSchema(schema));
  ajv.addSchema({
    $id: 'https://geojson.org/schema/Geometry.json',
    oneOf: schemas.map(({ $id }) => ({ $ref: $id })),
  });
}

async function documents() {
  for (const [path, version] of [
    ['/api/openapi.json', '3.1'],
    ['/ogc/api?f=json', '3.0'],
  ]) {
    const document = await get(path);
    const validator = new Validator();
    const { valid, errors } = await validator.validate(structuredClone(document));
    if (!valid) faults.push(`${path}: ${JSON.stringify(errors, null, 1)}`);
    if (validator.version !== version)
      faults.push(`${path}: is OpenAPI ${validator.version}, not ${version}`);
    if (/"nullable"/.test(JSON.stringify(document)) && version === '3.1')
      faults.push(`${path}: has nullable, which 3.1 does not know`);
    for (const [kind, parts] of Object.entries(document.components)) {
      for (const name of Object.keys(parts)) {
        if (!/^[A-Za-z0-9._-]+$/.test(name))
          faults.push(`${path}: components.${kind} has the name ${JSON.stringify(name)}`);
      }
    }
    console.log(`${path}: OpenAPI ${validator.version}, ${Object.keys(document.paths).length} paths`);
  }
}

async function features() {
  const { collections } = await get('/ogc/collections?f=json');
  for (const { id } of collections) {
    const ajv = new Ajv2020({ strict: false, allErrors: true });
    addFormats(ajv);
    for (const shape of ['point', 'linestring', 'polygon', 'multipolygon', 'any'])
      ajv.addFormat(`geometry-${shape}`, true);
    geoJSON(ajv);
    const compile = async (kind) => {
      const schema = await get(`/ogc/collections/${id}/${kind}`);
      // Ajv knows this word of OpenAPI 3.0's; JSON Schema 2020-12 does not, and takes no null for it.
      if (/"nullable"/.test(JSON.stringify(schema))) faults.push(`${id}/${kind}: has nullable`);
      return ajv.compile(schema);
    };
    const whole = await compile('feature-schema');
    const flat = await compile('schema');
    await compile('queryables');
    let count = 0;
    for (let path = `/ogc/collections/${id}/items?limit=1000`; path; count++) {
      const page = await get(path);
      for (const feature of page.features) {
        if (!whole(feature)) faults.push(`${id} ${feature.id}: ${ajv.errorsText(whole.errors)}`);
        // The logical schema (Part 5) says of a value that is missing that it isn't required; GeoJSON sends it as null.
        const values = Object.entries(feature.properties).filter(([, value]) => value !== null);
        const logical = { id: feature.id, geometry: feature.geometry, ...Object.fromEntries(values) };
        if (!flat(logical)) faults.push(`${id} ${feature.id}, flat: ${ajv.errorsText(flat.errors)}`);
        const wrong = { ...feature, properties: { ...feature.properties, seq: 'not a number' } };
        if ('seq' in feature.properties && whole(wrong)) faults.push(`${id}: the schema takes what is wrong`);
        count++;
      }
      path = page.links.find(({ rel }) => rel === 'next')?.href;
    }
    console.log(`${id}: ${count} features and pages`);
    if (count < 2) faults.push(`${id}: no features`);
  }
}

await documents();
await features();
for (const fault of faults.slice(0, 40)) console.error(fault);
process.exit(faults.length ? 1 : 0);

// Starts the viewer of an OpenAPI document with examples that work here.
//
//  1. Read the document.
//  2. Look up the values that "x-luodi-from" names: ids, which each database gives anew. What the reader may not see
//     stays without an example.
//  3. Show it.
const FROM = 'x-luodi-from';
const methods = ['get', 'put', 'post', 'patch', 'delete'];
const place = document.getElementById('viewer');
const root = place.dataset.root; // the path under which a proxy serves the server
const answers = new Map();

/** An answer of this server, read once; null where it is refused. */
function read(path) {
  if (!answers.has(path)) {
    answers.set(
      path,
      fetch(path, { headers: { Accept: 'application/json' } })
        .then((response) => (response.ok ? response.json() : null))
        .catch(() => null),
    );
  }
  return answers.get(path);
}

/** Whether an operation answers those who did not sign in. */
const isOpen = ({ security }) => !security || security.some((need) => Object.keys(need).length === 0);

/** Whether a path is read by an operation of a document that is for those who signed in. */
function isGuarded(path, spec) {
  const asked = path.split('?')[0].split('/');
  return Object.entries(spec.paths).some(([template, { get }]) => {
    const names = template.split('/');
    const same = names.length === asked.length && names.every((name, i) => name.startsWith('{') || name === asked[i]);
    return same && get && !isOpen(get);
  });
}

/** The value at "features.0.id" of an answer; undefined where it is for those who signed in, and the reader did not. */
async function lookUp([path, member], spec) {
  if (isGuarded(path, spec) && !(await signedIn())) return undefined;
  return member.split('.').reduce((value, name) => value?.[name], await read(root + path));
}

/** Sets the value at "body.parcels.0.id" of a body. */
function put(body, member, value) {
  const names = member.split('.').slice(1);
  const last = names.pop();
  const holder = names.reduce((object, name) => object?.[name], body);
  if (holder && value !== undefined) holder[last] = value;
}

async function signedIn() {
  return Boolean((await read(`${root}/api/session`))?.account);
}

async function fill(operation, spec) {
  for (const parameter of operation.parameters ?? []) {
    if (parameter[FROM]) parameter.example = (await lookUp(parameter[FROM], spec)) ?? parameter.example;
  }
  for (const media of Object.values(operation.requestBody?.content ?? {})) {
    for (const [member, from] of Object.entries(media[FROM] ?? {})) {
      const value = await lookUp(from, spec);
      const bodies = [media.example, ...Object.values(media.examples ?? {}).map((example) => example.value)];
      if (member.startsWith('body.')) for (const body of bodies) put(body, member, value);
      for (const parameter of operation.parameters ?? []) if (parameter.name === member) parameter.example = value;
    }
  }
}

/** Groups operations under the names of the readers in the page's language. */
function nameGroups(spec, operations) {
  const names = new Map((spec.tags ?? []).map((tag) => [tag.name, tag['x-displayName'] ?? tag.name]));
  for (const tag of spec.tags ?? []) tag.name = names.get(tag.name);
  for (const operation of operations) operation.tags = operation.tags?.map((tag) => names.get(tag) ?? tag);
}

async function start() {
  const spec = await read(place.dataset.document);
  if (!spec) {
    place.textContent = place.dataset.failed;
    return;
  }
  const operations = Object.values(spec.paths).flatMap((item) => methods.map((method) => item[method]).filter(Boolean));
  await Promise.all(operations.map((operation) => fill(operation, spec)));
  nameGroups(spec, operations);
  window.SwaggerUIBundle({
    spec,
    domNode: place,
    deepLinking: true,
    docExpansion: 'list',
    defaultModelsExpandDepth: -1,
    defaultModelExpandDepth: 3,
    displayRequestDuration: true,
    filter: true,
    tryItOutEnabled: true,
    validatorUrl: null,
    presets: [window.SwaggerUIBundle.presets.apis],
  });
}

document.documentElement.classList.toggle('dark-mode', matchMedia('(prefers-color-scheme: dark)').matches);
start();

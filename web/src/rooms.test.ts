import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';

/** A folder of src: what it is for, and what of the others it may import: a whole folder, or named files of it. */
interface Room {
  is: string;
  uses: readonly string[];
}

const base = ['core', 'kit', 'state'];

/** Which room may import what. A folder that is not listed is refused; so is an edge, until it is added here. */
const rooms: Record<string, Room> = {
  core: { is: 'facts, the API, the address, geometry: no framework, no page', uses: [] },
  map: { is: 'the map as MapLibre draws it', uses: ['core'] },
  kit: {
    is: 'controls that know nothing of land',
    uses: [
      'core/bearing',
      'core/draft',
      'core/drafts',
      'core/fault',
      'core/format',
      'core/message',
      'core/wire',
    ],
  },
  state: {
    is: 'what every feature shares: the open park, selection, panel, address, look, session',
    uses: ['core', 'kit'],
  },
  account: {
    is: 'signing in and out; what waits for one, reminders, tokens, and the accounts of others',
    uses: [...base, 'register/pages.svelte'],
  },
  agency: {
    is: "projects run for their firms: the agent's day, papers, meetings, and the firm's own page",
    uses: [...base, 'approval', 'papers/paper'],
  },
  activity: {
    is: 'what others do in the park, as they do it',
    uses: [...base, 'queue/Mine.svelte'],
  },
  approval: { is: 'the approvals of a project: the chart, what happened, time won, templates', uses: base },
  background: { is: 'what is shown under the map, where the installation sets it', uses: base },
  board: {
    is: 'the board of projects by stage, as columns, a table and on the map, and the sheet of a week',
    uses: [
      ...base,
      'activity/others.svelte',
      'register/MilestoneForm.svelte',
      'register/SaveRow.svelte',
      'register/pages.svelte',
      'register/register',
      'register/sorts',
      'register/stageform',
    ],
  },
  browse: {
    is: 'land by filters: the list, the filters and their chips',
    uses: [...base, 'building/UnitList.svelte'],
  },
  building: {
    is: 'workshops on parcels: their units, who holds or has let them',
    uses: [...base, 'order/ProjectField.svelte'],
  },
  chain: {
    is: 'the industry chain, its gaps, and where a missing piece would stand best',
    uses: [
      ...base,
      'promotion/Judgings.svelte',
      'promotion/Piece.svelte',
      'promotion/Promotion.svelte',
      'promotion/text',
      'register/pages.svelte',
      'siting/Surface.svelte',
      'siting/heat.svelte',
      'siting/siting.svelte',
    ],
  },
  compare: {
    is: 'sites side by side, on the screen and on paper',
    uses: [...base, 'siting/measure', 'siting/siting.svelte'],
  },
  conditions: { is: 'planning conditions and services of a piece of land, to read', uses: base },
  enquiry: {
    is: "questions that investors put to the park, and the park's inbox of them",
    uses: [...base, 'activity/others.svelte', 'register/pages.svelte', 'shortlist', 'siting/siting.svelte'],
  },
  figures: {
    is: 'figures of projects as of a day, and the projects behind each',
    uses: [...base, 'register/pages.svelte'],
  },
  history: {
    is: 'the park as it was, who changed it, and what waits for approval',
    uses: [
      ...base,
      'building/Records.svelte',
      'building/text',
      'intake/Report.svelte',
      'order/orders.svelte',
    ],
  },
  intake: {
    is: 'files of land: looked at on the map, mapped, taken in as one record',
    uses: base,
  },
  ledger: { is: 'ledgers of projects as XLSX, in and out', uses: base },
  measure: { is: 'distances and areas that the reader measures on the map', uses: base },
  order: { is: 'orders that change land and rights', uses: [...base, 'activity/Meanwhile.svelte'] },
  outlet: { is: "a park's layers as files to download", uses: base },
  papers: { is: 'photos and documents of a parcel: to see, and for planners to add', uses: base },
  parcel: {
    is: 'the facts of the parcel, zone, plan unit or network that is selected',
    uses: [
      ...base,
      'activity/others.svelte',
      'building/OnParcel.svelte',
      'conditions',
      'enquiry/enquiry.svelte',
      'history/Pending.svelte',
      'order/Actions.svelte',
      'order/orders.svelte',
      'queue/Queue.svelte',
      'register/pages.svelte',
      'papers/Papers.svelte',
      'shortlist',
      'supply/NodeSupply.svelte',
    ],
  },
  park: { is: 'the park as a whole: title, first line, legend, layers', uses: base },
  queue: { is: 'who waits for a parcel', uses: base },
  promotion: { is: "how a chain's pieces are won: owners, experts, target firms, titles", uses: base },
  register: {
    is: "pages of the district's projects and parties and of the park's things",
    uses: [
      ...base,
      'agency/Agency.svelte',
      'approval/Approvals.svelte',
      'building/OfProject.svelte',
      'building/text',
      'conditions',
      'promotion/Titles.svelte',
      'siting/siting.svelte',
    ],
  },
  search: { is: 'the search box', uses: base },
  shortlist: {
    is: 'ground that a reader keeps in mind, without an account',
    uses: [...base, 'enquiry/enquiry.svelte', 'enquiry/text'],
  },
  siting: {
    is: 'the search for a site: what is needed, the ranking, the surface',
    uses: [
      ...base,
      'building/opened.svelte',
      'building/saying',
      'building/text',
      'map/heat',
      'map/standing',
      'order/orders.svelte',
      'shortlist/Star.svelte',
    ],
  },
  supply: { is: "what is promised of the park's services", uses: base },
  app: {
    is: 'the page put together: stores, panels, the map and its overlays',
    uses: [
      ...base,
      'map',
      'account',
      'activity',
      'agency',
      'background',
      'board',
      'browse',
      'building',
      'chain',
      'compare',
      'enquiry',
      'figures',
      'history',
      'intake',
      'ledger',
      'outlet',
      'measure',
      'order',
      'parcel',
      'park',
      'queue',
      'register',
      'search',
      'shortlist',
      'siting',
      'supply',
    ],
  },
};

const src = import.meta.dirname;
/** The one file outside of the rooms: it starts the page. */
const entry = 'main.ts';

function filesIn(folder: string): string[] {
  return readdirSync(join(src, folder)).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(join(src, path)).isDirectory()) return filesIn(path);
    return /\.(ts|svelte)$/.test(name) && !name.endsWith('.d.ts') ? [path] : [];
  });
}

/** The files of src that a file imports, types too, without the ending of modules. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(src, file), 'utf8');
  return [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.[^']+)'/g)]
    .map(([, path = '']) => normalize(join(dirname(file), path)))
    .filter((path) => !path.startsWith('..') && !path.endsWith('.css') && !path.endsWith('.json'));
}

const nameOf = (file: string): string => file.replace(/\.ts$/, '');
const roomOf = (file: string): string => file.split('/')[0] ?? '';
const product = filesIn('.').filter((file) => file !== entry && !file.endsWith('.test.ts'));
const graph = new Map(product.map((file) => [nameOf(file), importsOf(file)]));

/** The first circle that is found from a file; null: none. */
function circleFrom(file: string, way: readonly string[], done: Set<string>): string[] | null {
  const at = way.indexOf(file);
  if (at >= 0) return [...way.slice(at), file];
  if (done.has(file)) return null;
  for (const next of graph.get(file) ?? []) {
    const circle = circleFrom(next, [...way, file], done);
    if (circle) return circle;
  }
  done.add(file);
  return null;
}

describe("the page's rooms", () => {
  it('are the folders of src, each listed with what it is for', () => {
    const folders = readdirSync(src).filter((name) => statSync(join(src, name)).isDirectory());
    expect(folders.sort()).toEqual(Object.keys(rooms).sort());
  });

  it('import what the table lets them, and no more', () => {
    const refused = product.flatMap((file) =>
      importsOf(file)
        .filter((path) => roomOf(path) !== roomOf(file))
        .filter((path) => !rooms[roomOf(file)]?.uses.some((use) => use === roomOf(path) || use === path))
        .map((path) => `${file} → ${path}`),
    );
    expect(refused).toEqual([]);
  });

  it('list no edge that nobody uses', () => {
    const unused = Object.entries(rooms).flatMap(([room, { uses }]) =>
      uses
        .filter((use) => !base.includes(use))
        .filter((use) => {
          const taken = product.filter((file) => roomOf(file) === room).flatMap(importsOf);
          return !taken.some((path) => path === use || roomOf(path) === use);
        })
        .map((use) => `${room} → ${use}`),
    );
    expect(unused).toEqual([]);
  });

  it('have no circle of imports', () => {
    const done = new Set<string>();
    const circle = [...graph.keys()].map((file) => circleFrom(file, [], done)).find(Boolean);
    expect(circle?.join(' → ')).toBeUndefined();
  });

  it('let a feature use MapLibre through map alone, and core without the framework', () => {
    const touching = (pattern: RegExp, room: (name: string) => boolean): string[] =>
      product.filter((file) => room(roomOf(file)) && pattern.test(readFileSync(join(src, file), 'utf8')));
    expect(touching(/from '(maplibre-gl|pmtiles)/, (room) => room !== 'map')).toEqual([]);
    expect(touching(/from 'svelte/, (room) => room === 'core' || room === 'map')).toEqual([]);
  });
});

import { isDay } from '../core/filters';
import type { LinkPart } from '../core/link';
import { collections, type Collection } from './thing';

/** The registers that have pages: those of the district, and those of a park's ground. */
export const registers = ['projects', 'parties', ...collections] as const;
export type Register = (typeof registers)[number];

export const isCollection = (of: Register): of is Collection => of !== 'projects' && of !== 'parties';

/** A page of a register: its list, one thing, or the form of one. */
export interface PageRef {
  of: Register;
  /** Null: the list, or with `edit` something new. */
  id: string | null;
  edit: boolean;
}

const NEW = 'new';
const EDIT = 'edit';

/** Reads `projects`, `projects/new`, `projects/<id>`, `projects/<id>/edit`; null: no such page. */
export function parsePage(text: string | null): PageRef | null {
  const [name, id, edit, ...more] = text?.split('/') ?? [];
  const of = registers.find((register) => register === name);
  if (!of || more.length > 0) return null;
  if (id === undefined) return { of, id: null, edit: false };
  if (id === NEW && edit === undefined) return { of, id: null, edit: true };
  if (!/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/.test(id)) return null;
  if (edit !== undefined && edit !== EDIT) return null;
  return { of, id, edit: edit === EDIT };
}

/** What `parsePage` reads back as the same page. */
export function formatPage({ of, id, edit }: PageRef): string {
  if (id === null) return edit ? `${of}/${NEW}` : of;
  return edit ? `${of}/${id}/${EDIT}` : `${of}/${id}`;
}

/** One step out: a form leads back to its thing, a thing to its list, a list to the map. */
export function outOf({ of, id, edit }: PageRef): PageRef | null {
  if (edit) return { of, id, edit: false };
  return id === null ? null : { of, id: null, edit: false };
}

/** The page of a register that is open beside the map; null: none. */
export const pageLink: LinkPart<PageRef | null> = {
  read: (query) => parsePage(query.get('page')),
  write: (query, page) => {
    if (page) query.set('page', formatPage(page));
  },
};

/** As of which day the approvals of the open project are told: `approvals=2022-06-01`; '' is today. */
export const approvalsLink: LinkPart<string> = {
  read: (query) => {
    const on = query.get('approvals') ?? '';
    return isDay(on) ? on : '';
  },
  write: (query, on) => {
    if (on) query.set('approvals', on);
  },
};

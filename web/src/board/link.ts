import type { LinkPart } from '../core/link';

/** How the projects are shown. */
export const ways = ['board', 'table', 'map'] as const;
export type Way = (typeof ways)[number];

/** The columns of the table. */
export const sorts = ['code', 'name', 'party', 'stage', 'since', 'place', 'team', 'agent', 'stuck'] as const;
export type Sort = (typeof sorts)[number];

/** The board as it is shown: of which park's projects ("": of all), and what the table is sorted by. */
export interface BoardAt {
  as: Way;
  park: string;
  sort: Sort;
  down: boolean;
}

export const boardAtStart: BoardAt = { as: 'board', park: '', sort: 'code', down: false };

/** `panel=board`, `panel=board/table`, `panel=board/table/carbon-fibre/since-`; null: it is closed. */
export const boardLink: LinkPart<BoardAt | null> = {
  read: (query) => {
    const [panel, as = 'board', park = '', order = ''] = query.get('panel')?.split('/') ?? [];
    if (panel !== 'board') return null;
    const down = order.endsWith('-');
    const sort = sorts.find((each) => each === (down ? order.slice(0, -1) : order));
    return {
      as: ways.find((each) => each === as) ?? 'board',
      park: park === '-' ? '' : park,
      sort: sort ?? boardAtStart.sort,
      down: sort !== undefined && down,
    };
  },
  write: (query, at) => {
    if (!at) return;
    const sorted = at.sort !== boardAtStart.sort || at.down ? `${at.sort}${at.down ? '-' : ''}` : '';
    const parts = ['board', at.as, at.park || '-', sorted];
    const asStart = ['', 'board', '-', ''];
    while (parts.length > 1 && parts.at(-1) === asStart[parts.length - 1]) parts.pop();
    query.set('panel', parts.join('/'));
  },
};

/**
 * The sheet of a week: which ("": the one that it is), of which park ("": all, null: the open one), and after how many
 * days a project is stuck.
 */
export interface SheetAt {
  week: string;
  park: string | null;
  still: number;
}

export const sheetAtStart: SheetAt = { week: '', park: null, still: 30 };

/** `panel=dispatch`, `panel=dispatch/2026-W48/carbon-fibre/60`; null: it is closed. */
export const sheetLink: LinkPart<SheetAt | null> = {
  read: (query) => {
    const [panel, week = '', park = '', still = ''] = query.get('panel')?.split('/') ?? [];
    if (panel !== 'dispatch') return null;
    const days = /^\d{1,4}$/.test(still) ? Number(still) : sheetAtStart.still;
    return {
      week: /^\d{4}-W\d\d$/.test(week) ? week : '',
      park: park === '-' ? '' : park || null,
      still: days >= 1 && days <= 3650 ? days : sheetAtStart.still,
    };
  },
  write: (query, at) => {
    if (!at) return;
    const parts = ['dispatch', at.week || '-', at.park === null ? '' : at.park || '-', String(at.still)];
    const asStart = ['', '-', '', String(sheetAtStart.still)];
    while (parts.length > 1 && parts.at(-1) === asStart[parts.length - 1]) parts.pop();
    query.set('panel', parts.join('/'));
  },
};

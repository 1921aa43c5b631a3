import type { LinkPart } from '../core/link';

const FIGURES = 'figures';

/** What figures are told apart by, as the API names it. */
export const groupings = ['tag', 'park', 'task_force', 'team', 'quarter'] as const;
export type Grouping = (typeof groupings)[number];

/** What is counted: as of a day ("": today), by what, and the group whose projects are listed; null: none is. */
export interface FiguresAt {
  on: string;
  by: Grouping;
  key: string | null;
}

export const figuresAtStart: FiguresAt = { on: '', by: 'tag', key: null };

/** `panel=figures`, `panel=figures/2022-03-31/tag`, `…/tag/provincial_key`; null: the panel is closed. */
export const figuresLink: LinkPart<FiguresAt | null> = {
  read: (query) => {
    const [panel, on = '', by = 'tag', ...key] = query.get('panel')?.split('/') ?? [];
    const grouping = groupings.find((each) => each === by);
    if (panel !== FIGURES || !grouping || (on && !/^\d{4}-\d\d-\d\d$/.test(on))) return null;
    return { on, by: grouping, key: key.length > 0 ? key.join('/') : null };
  },
  write: (query, at) => {
    if (!at) return;
    const { on, by, key } = at;
    if (key !== null) query.set('panel', `${FIGURES}/${on}/${by}/${key}`);
    else query.set('panel', on || by !== 'tag' ? `${FIGURES}/${on}/${by}` : FIGURES);
  },
};

import type { LinkPart } from '../core/link';

const CHAIN = 'chain';

/** The gap of the industry chain whose surface is shown, "" for the chain alone; null: its panel is closed. */
export const chainLink: LinkPart<string | null> = {
  read: (query) => {
    const [panel, node = '', ...more] = query.get('panel')?.split('/') ?? [];
    return panel === CHAIN && /^([a-z][a-z\d_]{0,39})?$/.test(node) && more.length === 0 ? node : null;
  },
  write: (query, chain) => {
    if (chain !== null) query.set('panel', chain ? `${CHAIN}/${chain}` : CHAIN);
  },
};

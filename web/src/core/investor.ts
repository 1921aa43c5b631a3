import type { LinkPart } from './link';

/**
 * The page as an investor sees it: the address has `investor=1`, and nothing that the page asks says who is signed in.
 * What it shows is then what the public's feeds say, for the browser of a planner too.
 */
export const asInvestor =
  typeof location !== 'undefined' && new URLSearchParams(location.search).get('investor') === '1';

/** Keeps the address one of a preview. */
export const investorLink: LinkPart<boolean> = {
  read: (query) => query.get('investor') === '1',
  write: (query, value) => {
    if (value) query.set('investor', '1');
  },
};

import { formatList, parseList, type Kept } from '../core/kept';
import type { LinkPart } from '../core/link';

/** The shortlist, each once, at most twenty; what can't be read is taken as absent. */
export const shortlistLink: LinkPart<readonly Kept[]> = {
  read: (query) => parseList(query.get('list')),
  write: (query, list) => {
    if (list.length > 0) query.set('list', formatList(list));
  },
};

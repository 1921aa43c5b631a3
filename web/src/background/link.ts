import { parsePicked, pickedText, type Picked } from '../core/background';
import type { LinkPart } from '../core/link';

/** The background under the map, and how strong it is unless in full; null: none. */
export const backgroundLink: LinkPart<Picked | null> = {
  read: (query) => parsePicked(query.get('background')),
  write: (query, picked) => {
    if (picked) query.set('background', pickedText(picked));
  },
};

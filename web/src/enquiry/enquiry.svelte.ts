import { createContext } from 'svelte';
import type { Kept } from '../core/kept';
import type { LinkPart } from '../core/link';
import type { Link } from '../state/link.svelte';
import type { Panels } from '../state/panel.svelte';
import type { Shortlist } from '../shortlist/shortlist.svelte';

/** The form is open, `true` or with the code of a parcel to ask about; null: it isn't. */
export const enquiryLink: LinkPart<string | null> = {
  read: (query) => query.get('enquire') || null,
  write: (query, enquire) => {
    if (enquire) query.set('enquire', enquire);
  },
};

/** What an address has where the form is open without a parcel of its own. */
const OPEN = 'form';

/** The secret of a private link, from what follows # in the address; null: there is none. */
export const secretOf = (hash: string): string | null =>
  /^#enquiry=([0-9A-Za-z]{36})$/.exec(hash)?.[1] ?? null;

/** The questions that the reader puts to the park, without an account. */
export class Enquiry {
  /** The secret of the private link by which one is followed; null: the form for a new one stands here. */
  secret = $state<string | null>(null);

  constructor(private readonly use: { link: Link; panels: Panels; shortlist: Shortlist }) {}

  /** Adds the form to the address; a parcel that a link names comes on the shortlist. */
  addLink(): void {
    const { link, panels, shortlist } = this.use;
    link.add(
      enquiryLink,
      () => (panels.open === 'enquiry' && this.secret === null ? OPEN : null),
      (enquire) => {
        if (enquire === null) {
          if (panels.open === 'enquiry' && this.secret === null) panels.put(null);
          return;
        }
        const parcel: Kept = { kind: 'parcel', code: enquire, parcels: [enquire] };
        if (enquire !== OPEN && !shortlist.has(parcel)) shortlist.toggle(parcel);
        panels.put('enquiry');
      },
    );
  }

  /** Opens what a private link leads to; the secret leaves the address. */
  followed(hash: string): void {
    const secret = secretOf(hash);
    if (secret === null) return;
    this.secret = secret;
    history.replaceState(null, '', location.pathname + location.search);
    this.use.panels.put('enquiry');
  }

  /** Opens the form. */
  ask(): void {
    this.secret = null;
    this.use.panels.put('enquiry');
    this.use.link.note();
  }
}

export const [useEnquiry, provideEnquiry] = createContext<Enquiry>();

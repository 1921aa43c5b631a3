import { asInvestor, investorLink } from '../core/investor';
import { panelRows } from './panels';
import type { Stores } from './stores';

/**
 * Lays out the address: which parts it has, in which order they are written and taken. The language is taken at once:
 * it has to be known before the page is first drawn.
 */
export function addLinks(stores: Stores): void {
  const { backgrounds, browse, link, look, pages, walk } = stores;
  walk.addLink();
  browse.addLink();
  look.addLink();
  backgrounds.addLink();
  walk.addPastLink();
  link.add(investorLink, () => asInvestor);
  pages.addLink();
  for (const row of panelRows) row.link?.(stores);
  stores.compared.addLink();
  look.openLang(new URLSearchParams(location.search), navigator.languages);
}

/** Reads the link, then who is signed in, then the parks, then the park. */
export async function start(stores: Stores): Promise<void> {
  const { accounts, enquiry, link, session, walk } = stores;
  const query = new URLSearchParams(location.search);
  link.take(query);
  accounts.invited(location.hash);
  enquiry.followed(location.hash);
  await session.start();
  await walk.start(query);
}

/** One step out: of the comparison, of the order, of the panel, of a register's page, of what is selected. */
export function back({ compared, link, orders, pages, panels, selection }: Stores): void {
  if (compared.shown) compared.close();
  else if (orders.task) orders.cancel();
  else if (panels.open !== null) {
    panels.put(null);
    link.note();
  } else if (pages.shown) pages.back();
  else if (selection.selected || selection.picked.length > 0) selection.select(null);
}

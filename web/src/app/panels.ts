import type { Key } from '../core/message';
import type { PanelId } from '../state/panel.svelte';
import { Later } from './later.svelte';
import type { Stores } from './stores';

/** A panel of the page, told once: App, Bar, Side and the address take it from here. */
interface Panel {
  component: Later;
  title: Key;
  /** What its button says, where the title is too long for one. */
  short?: Key;
  /** Whose button it has in the bar: everybody's, a member's, one in a member's menu, or one that its feature draws. */
  button: 'all' | 'member' | 'desk' | 'own';
  /** The panel is only as high as its content. */
  low?: true;
  /** Adds its part of the address. */
  link?: (stores: Stores) => void;
}

/** Every panel, in the order of the buttons and of the parts in the address. */
const table: Record<PanelId, Panel> = {
  activity: {
    component: new Later(() => import('../activity/Activity.svelte')),
    title: 'web.others.title',
    button: 'own',
  },
  filter: {
    component: new Later(() => import('../browse/Filters.svelte')),
    title: 'web.browse.title',
    short: 'web.browse.short',
    button: 'all',
  },
  match: {
    component: new Later(() => import('../siting/MatchPanel.svelte')),
    title: 'web.match.title',
    button: 'all',
    link: ({ siting }) => siting.addLink(),
  },
  chain: {
    component: new Later(() => import('../chain/ChainPanel.svelte')),
    title: 'web.gaps.title',
    short: 'web.gaps.short',
    button: 'all',
    link: ({ chain }) => chain.addLink(),
  },
  supply: {
    component: new Later(() => import('../supply/SupplyPanel.svelte')),
    title: 'web.supply.title',
    short: 'web.supply.button',
    button: 'all',
  },
  buildings: {
    component: new Later(() => import('../building/Buildings.svelte')),
    title: 'web.buildings.title',
    button: 'all',
    link: ({ opened }) => opened.addLink(),
  },
  shortlist: {
    component: new Later(() => import('../shortlist/ShortlistPanel.svelte')),
    title: 'web.shortlist.title',
    button: 'own',
    link: ({ shortlist }) => shortlist.addLink(),
  },
  enquiry: {
    component: new Later(() => import('../enquiry/EnquiryPanel.svelte')),
    title: 'web.enquiry.title',
    button: 'own',
    link: ({ enquiry }) => enquiry.addLink(),
  },
  inbox: {
    component: new Later(() => import('../enquiry/InboxPanel.svelte')),
    title: 'web.inbox.title',
    button: 'own',
  },
  settings: {
    component: new Later(() => import('../park/Settings.svelte')),
    title: 'web.settings.title',
    button: 'own',
    low: true,
  },
  history: {
    component: new Later(() => import('../history/History.svelte')),
    title: 'web.history.title',
    button: 'member',
  },
  proposals: {
    component: new Later(() => import('../history/Proposals.svelte')),
    title: 'web.proposals.title',
    button: 'member',
  },
  figures: {
    component: new Later(() => import('../figures/FiguresPanel.svelte')),
    title: 'web.figures.title',
    button: 'desk',
    link: ({ figures }) => figures.addLink(),
  },
  intake: {
    component: new Later(() => import('../intake/Intake.svelte')),
    title: 'web.intake.title',
    button: 'desk',
  },
  ledger: {
    component: new Later(() => import('../ledger/LedgerPanel.svelte')),
    title: 'web.ledger.title',
    button: 'desk',
  },
  outlet: {
    component: new Later(() => import('../outlet/OutletPanel.svelte')),
    title: 'web.outlet.title',
    button: 'own',
    low: true,
  },
  board: {
    component: new Later(() => import('../board/Board.svelte')),
    title: 'web.board.title',
    button: 'desk',
    link: ({ boards }) => boards.addLink(),
  },
  dispatch: {
    component: new Later(() => import('../board/Dispatch.svelte')),
    title: 'web.dispatch.title',
    button: 'desk',
  },
  day: {
    component: new Later(() => import('../agency/Day.svelte')),
    title: 'web.day.title',
    button: 'desk',
  },
  meetings: {
    component: new Later(() => import('../agency/Meetings.svelte')),
    title: 'web.meetings.title',
    button: 'desk',
  },
  signin: {
    component: new Later(() => import('../account/SignIn.svelte')),
    title: 'web.signin.title',
    button: 'own',
    low: true,
  },
};

export const panelRows = (Object.entries(table) as [PanelId, Panel][]).map(([id, row]) => ({ id, ...row }));

/** The panels with a button in the bar for everybody, those for members, and those in the menu of members. */
export const openRows = panelRows.filter(({ button }) => button === 'all');
export const memberRows = panelRows.filter(({ button }) => button === 'member');
export const deskRows = panelRows.filter(({ button }) => button === 'desk');

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
  /** Where its button stands: in the bar, in the line on what happens now, or drawn by its feature there. */
  button: 'bar' | 'now' | 'own';
  /** The panel is only as high as its content. */
  low?: true;
  /** Adds its part of the address. */
  link?: (stores: Stores) => void;
}

/** Every panel, in the order of the buttons and of the parts in the address. Those in the bar are for members. */
const table: Record<PanelId, Panel> = {
  activity: {
    component: new Later(() => import('../activity/Activity.svelte')),
    title: 'web.others.title',
    button: 'own',
  },
  match: {
    component: new Later(() => import('../siting/MatchPanel.svelte')),
    title: 'web.match.title',
    button: 'now',
    link: ({ siting }) => siting.addLink(),
  },
  chain: {
    component: new Later(() => import('../chain/ChainPanel.svelte')),
    title: 'web.gaps.title',
    short: 'web.gaps.short',
    button: 'now',
    link: ({ chain }) => chain.addLink(),
  },
  supply: {
    component: new Later(() => import('../supply/SupplyPanel.svelte')),
    title: 'web.supply.title',
    button: 'now',
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
    button: 'bar',
  },
  proposals: {
    component: new Later(() => import('../history/Proposals.svelte')),
    title: 'web.proposals.title',
    button: 'bar',
  },
  signin: {
    component: new Later(() => import('../account/SignIn.svelte')),
    title: 'web.signin.title',
    button: 'own',
    low: true,
  },
};

export const panelRows = (Object.entries(table) as [PanelId, Panel][]).map(([id, row]) => ({ id, ...row }));

/** The panels with a button in the line on what happens now. */
export const nowRows = panelRows.filter(({ button }) => button === 'now');

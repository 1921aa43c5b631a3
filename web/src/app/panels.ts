import type { Component } from 'svelte';
import SignIn from '../account/SignIn.svelte';
import Activity from '../activity/Activity.svelte';
import ChainPanel from '../chain/ChainPanel.svelte';
import type { Key } from '../core/message';
import History from '../history/History.svelte';
import Proposals from '../history/Proposals.svelte';
import MatchPanel from '../siting/MatchPanel.svelte';
import type { PanelId } from '../state/panel.svelte';
import SupplyPanel from '../supply/SupplyPanel.svelte';
import type { Stores } from './stores';

/** A panel of the page, told once: App, Bar, Side and the address take it from here. */
export interface PanelRow {
  id: PanelId;
  component: Component;
  title: Key;
  /** What its button says, where the title is too long for one. */
  short?: Key;
  /** Where its button stands: in the bar, in the line on what happens now, or drawn by its feature there. */
  button: 'bar' | 'now' | 'own';
  /** Only those who see what is not public have the button. */
  members?: true;
  /** The panel is only as high as its content. */
  low?: true;
  /** Adds its part of the address. */
  link?: (stores: Stores) => void;
}

/** Every panel, in the order of the buttons and of the parts in the address. */
export const panelRows: readonly PanelRow[] = [
  { id: 'activity', component: Activity, title: 'web.others.title', button: 'own' },
  {
    id: 'match',
    component: MatchPanel,
    title: 'web.match.title',
    button: 'now',
    link: ({ siting }) => siting.addLink(),
  },
  {
    id: 'chain',
    component: ChainPanel,
    title: 'web.gaps.title',
    short: 'web.gaps.short',
    button: 'now',
    link: ({ chain }) => chain.addLink(),
  },
  { id: 'supply', component: SupplyPanel, title: 'web.supply.title', button: 'now' },
  { id: 'history', component: History, title: 'web.history.title', button: 'bar', members: true },
  { id: 'proposals', component: Proposals, title: 'web.proposals.title', button: 'bar', members: true },
  { id: 'signin', component: SignIn, title: 'web.signin.title', button: 'own', low: true },
];

/** The panels with a button in the line on what happens now. */
export const nowRows = panelRows.filter(({ button }) => button === 'now');

import { createContext } from 'svelte';
import type { Link } from './link.svelte';

/** The panels of the page; what each is, its row in app/panels.ts says. */
export const panels = [
  'signin',
  'history',
  'proposals',
  'activity',
  'supply',
  'buildings',
  'settings',
  'filter',
  'match',
  'chain',
  'shortlist',
  'enquiry',
  'inbox',
  'figures',
  'ledger',
  'outlet',
  'intake',
  'board',
  'dispatch',
  'day',
  'meetings',
] as const;
export type PanelId = (typeof panels)[number];

/** Which panel is open beside the map; a step of the browser's history keeps it beside the address. */
export class Panels {
  private shown = $state<PanelId | null>(null);

  constructor(private readonly link: Link) {
    link.step = () => ({ panel: this.shown });
  }

  get open(): PanelId | null {
    return this.shown;
  }

  /** Opens a panel, or closes it where it is open. */
  toggle(id: PanelId): void {
    this.shown = this.shown === id ? null : id;
    if (this.link.live) this.link.note();
  }

  close(): void {
    this.put(null);
    this.link.renote();
  }

  /** As a part of a step that notes the address itself. */
  put(id: PanelId | null): void {
    this.shown = id;
  }
}

export const [usePanels, providePanels] = createContext<Panels>();

import { askLots, figure, type LotOffer, type Site } from '../core/match';
import type { LonLat } from '../core/feed';
import { Refusal } from '../core/wire';
import { wordsOf } from './planner.svelte';
import type { Siting } from './siting.svelte';

/** Unbroken frontage that is asked of a lot unless the reader says otherwise, in metres. */
const FRONTAGE_M = 60;

/** Lots that could be cut from a site larger than is wanted. */
export class Lots {
  area = $state('');
  frontage = $state(String(FRONTAGE_M));
  offers = $state.raw<readonly LotOffer[] | null>(null);
  /** Which offer the map shows. */
  at = $state(0);
  busy = $state(false);
  problem = $state<string | null>(null);
  /** The site that the offers are of. */
  private of = $state<string | null>(null);
  private asking = new AbortController();

  constructor(private readonly siting: Siting) {}

  clear(): void {
    this.asking.abort();
    this.offers = null;
    this.of = null;
    this.busy = false;
    this.problem = null;
  }

  /** Begins with another site: its offers are not there yet. */
  turn(site: Site, wantedMu: string): void {
    if (this.of === site.id) return;
    this.clear();
    this.of = site.id;
    this.area = wantedMu;
  }

  async ask(site: Site): Promise<void> {
    const { desk } = this.siting;
    const [area, frontage] = [Number(this.area), Number(this.frontage)];
    this.offers = null;
    this.problem = area > 0 && frontage > 0 ? null : desk.t('web.match.fault');
    if (this.problem || !desk.park) return;
    this.asking.abort();
    this.asking = new AbortController();
    const { signal } = this.asking;
    this.busy = true;
    try {
      const wish = { park: desk.park.code, parcel: site.code, area_mu: area, frontage_m: frontage };
      const offers = await askLots(desk.planner.wire, wish, signal);
      if (signal.aborted) return;
      this.offers = offers;
      this.at = 0;
    } catch (error) {
      if (signal.aborted) return;
      this.problem = error instanceof Refusal ? wordsOf(error) : desk.t('web.match.silence');
    }
    this.busy = false;
  }

  /** The offer that the map shows, as a preview of it. */
  readonly ghosts = $derived.by(() => {
    const { desk, chosen, shown } = this.siting;
    const offer = shown && chosen && chosen.id === this.of ? this.offers?.[this.at] : undefined;
    if (!offer) return [];
    const area = `${figure(desk.lang, offer.area_mu)} ${desk.t('web.unit.mu')}`;
    return [{ geometry: offer.geometry, label: area }];
  });

  /** Opens the order that splits the site along an offer's line. */
  split(site: Site, offer: LotOffer): void {
    const { planner } = this.siting.desk;
    planner.pick(site.id, false);
    planner.begin('split');
    if (offer.cut) planner.task?.typed(offer.cut.coordinates as LonLat[]);
  }
}

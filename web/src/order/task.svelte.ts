import { untrack } from 'svelte';
import { isBlank } from '../core/code';
import type { Place } from '../core/drafts';
import { finish, LINE, type Draft } from '../core/draw';
import { statuses, type LonLat } from '../core/feed';
import { capacity, muOf } from '../core/format';
import { labelPoint } from '../core/labelpoint';
import type { Key } from '../core/message';
import {
  isAllotted,
  needsDocument,
  partCodes,
  type Command,
  type CommandKind,
  type DeskParcel,
  type Order,
  type Outcome,
  type PaperRef,
} from '../core/orders';
import { planeOf, type Plane } from '../core/projection';
import { isUnsure, Refusal, type Problem } from '../core/wire';
import { nodesOf, type Supply } from '../core/supply';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { PanelId } from '../state/panel.svelte';
import type { Session } from '../state/session.svelte';
import { Surveys } from '../state/surveys.svelte';
import {
  begin,
  beginKind,
  closes,
  commandOf,
  draws,
  nothing,
  surveyed,
  type Setting,
  type Typed,
} from './kinds';
import { preview, transact } from './transact';

/** An order as the browser keeps it: what was typed and, where it was sent and not answered, the order with its key. */
export interface TaskDraft {
  kind: CommandKind;
  title: Key;
  parcels: { id: string; code: string }[];
  typed: Typed;
  reason: string;
  paper: Paper;
  line: Draft;
  /** The panel that the order was begun in, to which it leads back. */
  back: PanelId | null;
  lost: { order: Order; key: string } | null;
}

/** The document that an order rests on, as typed. */
interface Paper {
  title: string;
  number: string;
  date: string;
}

/** The names of a park's drafts begin with that of none. */
export const draftName = (park: string, id = ''): string => `order.${park}.${id}`;

/** What an order needs of the page. */
export interface Around {
  land: Land;
  session: Pick<Session, 'drafts' | 'wire'>;
  supplies: { readonly supply: Supply | null };
  words: Pick<Words, 'lang' | 't'>;
}

/** Where the order is under way. */
interface Host {
  cancel(): void;
  finished(task: Task, outcome: Outcome | null): Promise<void>;
}

/** An order under way: what the planner filled in, what it would do, why it was refused. */
export class Task {
  reason = $state('');
  paper = $state<Paper>({ title: '', number: '', date: '' });
  /** What the kind of order asks for. */
  typed: Typed = $state() as Typed;
  /** What is drawn on the map. */
  line = $state.raw<Draft>(nothing);
  /** The panel that the order was begun in, to which it leads back. */
  back: PanelId | null = null;
  parcels = $state.raw<readonly DeskParcel[]>([]);

  outcome = $state.raw<Outcome | null>(null);
  refusal = $state.raw<Problem | null>(null);
  /**
   * The order that was confirmed and not answered: whether it was made is not known. It is sent again as it
   * was, under its key, so that it is made once.
   */
  lost = $state.raw<TaskDraft['lost']>(null);
  /** Nobody answered, be it a preview or the order. */
  silent = $state(false);
  busy = $state<'no' | 'preview' | 'order'>('no');

  /** The plane that coordinates are read and written in. */
  readonly plane: Plane | null;
  readonly surveys: Surveys;
  private previewing = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly place: Place<TaskDraft>;

  constructor(
    private readonly use: Around,
    private readonly host: Host,
    readonly kind: CommandKind,
    parcels: readonly DeskParcel[],
    readonly id: string = crypto.randomUUID(),
  ) {
    this.parcels = parcels;
    this.place = use.session.drafts.place(draftName(use.land.park?.code ?? '', id));
    this.plane = planeOf(use.land.park?.survey_crs ?? null);
    this.surveys = new Surveys(use.session.wire, () => ({
      park: use.land.park?.code ?? '',
      plane: this.plane,
      lang: use.words.lang,
    }));
    this.typed = beginKind(this.setting);
  }

  /** What the draft is filled in for. */
  get setting(): Setting {
    const { kind, parcels, plane, line, surveys } = this;
    const { timeZone, today } = this.use.land;
    return { kind, parcels, plane, line, surveys, timeZone, today };
  }

  readonly allotted = $derived.by(() => this.parcels.some(isAllotted));
  readonly closes = $derived.by(() => closes(this.typed));
  readonly draws = $derived.by(() => draws(this.typed));
  /** Whether all is said that confirming needs beside a preview. */
  readonly reasoned = $derived.by(
    () => !isBlank(this.reason) && (!needsDocument(this.kind) || !isBlank(this.paper.title)),
  );
  readonly totalM2 = $derived.by(() =>
    this.parcels.reduce((sum, { properties }) => sum + properties.legal_m2, 0),
  );
  /** The codes that a split's parts will have. */
  readonly codes = $derived.by(() => {
    const { typed } = this;
    const parent = this.parcels[0]?.properties.code;
    if (typed.form !== 'split' || !parent) return [];
    const drawn = this.outcome?.parcels.filter(({ code }) => code.startsWith(`${parent}-`)).length ?? 0;
    return partCodes(parent, typed.by === 'parts' ? typed.parts : Math.max(2, drawn));
  });
  readonly title = $derived.by<Key>(() =>
    this.typed.form === 'lot' ? `web.order.cut.${this.typed.step}` : `web.order.${this.kind}`,
  );
  /** What is asked for, as far as it is filled in; null while something is missing. */
  readonly command = $derived.by<Command | null>(() => commandOf(this.typed, this.setting));

  close(): void {
    clearTimeout(this.timer);
    this.previewing.abort();
  }

  /** Takes over a line or ring drawn on the map. */
  drawn(line: Draft): void {
    this.line = line;
    if (this.typed.form === 'correct' && line.finished)
      this.typed.corners = this.surveys.write([[...line.points]]);
  }

  /** Takes over the points of a line that were typed. */
  takePoints(points: readonly LonLat[]): void {
    this.line = finish({ points, finished: false }, LINE);
  }

  private order(command: Command): Order {
    const { title, number, date } = this.paper;
    const documents: PaperRef[] = title.trim()
      ? [{ title: title.trim(), ...(number.trim() && { number: number.trim() }), ...(date && { date }) }]
      : [];
    return { ...command, reason: this.reason.trim(), documents };
  }

  /** Asks what the order would do, a moment after the last change of it. */
  previewSoon(command: Command | null): void {
    clearTimeout(this.timer);
    this.previewing.abort();
    this.previewing = new AbortController();
    if (this.lost) return;
    this.silent = false;
    if (!command) {
      this.outcome = null;
      this.refusal = null;
      this.busy = 'no';
      return;
    }
    const { signal } = this.previewing;
    this.busy = 'preview';
    this.timer = setTimeout(() => void this.look(command, signal), 300);
  }

  private async look(command: Command, signal: AbortSignal): Promise<void> {
    const park = this.use.land.park?.code;
    if (!park) return;
    const order = this.order(command);
    // nothing is kept of a preview; its reason and document only have to be there
    const what = this.use.words.t(`web.order.${this.kind}`);
    order.reason ||= what;
    if (needsDocument(this.kind) && order.documents.length === 0) order.documents = [{ title: what }];
    try {
      const outcome = await preview(this.use.session.wire, park, order, signal);
      if (signal.aborted) return;
      this.outcome = outcome;
      this.refusal = null;
    } catch (error) {
      if (signal.aborted) return;
      this.take(error);
    }
    this.busy = 'no';
  }

  /** Sends the order. Its key is made when it is first sent and kept with it until it is answered. */
  async confirm(): Promise<void> {
    const park = this.use.land.park?.code;
    const { command } = this;
    if (!park || this.busy === 'order' || !(this.lost || command)) return;
    const sent = this.lost ?? { order: this.order(command as Command), key: crypto.randomUUID() };
    this.busy = 'order';
    this.silent = false;
    this.place.keep(this.draftWith(sent));
    try {
      const made = await transact(this.use.session.wire, park, sent.order, sent.key);
      this.lost = null;
      this.place.drop();
      await this.host.finished(this, 'done' in made ? made.done : null);
    } catch (error) {
      this.lost = isUnsure(error) ? sent : null;
      this.place.keep(this.draftWith(this.lost));
      this.take(error);
    }
    this.busy = 'no';
  }

  /**
   * Keeps in the browser what was typed, so that it outlives the page. An order that was opened and nothing
   * more is not kept.
   */
  keep(): void {
    const draft = this.draftWith(this.lost);
    const begun = this.reason.trim() !== '' || this.paper.title.trim() !== '' || this.line.points.length > 0;
    if (begun || this.lost) this.place.keep(draft);
  }

  /** Gives up what is kept. */
  drop(): void {
    this.place.drop();
  }

  private draftWith(lost: TaskDraft['lost']): TaskDraft {
    return {
      kind: this.kind,
      title: this.title,
      parcels: this.parcels.map(({ id, properties }) => ({ id, code: properties.code })),
      typed: $state.snapshot(this.typed) as Typed,
      reason: this.reason,
      paper: $state.snapshot(this.paper),
      line: this.line,
      back: this.back,
      lost,
    };
  }

  /** Takes up what was typed before the page went. */
  restore({ typed, reason, paper, line, lost }: TaskDraft): void {
    // a form may have got a field since
    this.typed = { ...begin(typed.form, this.setting), ...typed } as Typed;
    this.reason = reason;
    this.paper = paper;
    this.line = line;
    this.lost = lost;
    this.silent = lost !== null;
  }

  private take(error: unknown): void {
    this.outcome = null;
    this.refusal = null;
    if (this.lost || !(error instanceof Refusal)) this.silent = true;
    else this.refusal = error.problem;
  }

  /** Someone was quicker: takes the parcels as they are now. What was retired meanwhile falls out. */
  async reload(): Promise<void> {
    const ids = new Set(this.parcels.map(({ id }) => id));
    await this.use.land.reread();
    this.parcels = this.use.land.deskParcels.filter(({ id }) => ids.has(id));
    this.refusal = null;
    if (this.parcels.length === 0) this.host.cancel();
  }

  /** What would be; neighbours that only got a node are not what the planner looks at. */
  readonly shown = $derived.by(() => {
    const mine = new Set(this.parcels.map(({ id }) => id));
    const then = new Map((this.outcome?.then?.outcome?.parcels ?? []).map((parcel) => [parcel.id, parcel]));
    return (this.outcome?.parcels ?? [])
      .filter(({ id }) => this.kind === 'revert' || mine.has(id) || !this.use.land.parcelById.has(id))
      .map((parcel) => then.get(parcel.id) ?? parcel);
  });

  /** The parcels whose place what would be takes. */
  readonly replaced = $derived.by(() =>
    [...this.shown, ...(this.outcome?.retired ?? [])].map(({ id }) => id),
  );

  /** What would be, lettered with its area. */
  readonly ghosts = $derived.by(() => {
    const { lang } = this.use.words;
    const unit = this.use.words.t('web.unit.mu');
    const prefix = this.use.land.prefix.length;
    const { typed } = this;
    const attempted =
      typed.form === 'correct' && this.refusal ? surveyed(typed, this.setting)?.geometry : undefined;
    if (attempted) return [{ geometry: attempted, label: '' }];
    return this.shown.map(({ geometry, code, legal_m2 }) => ({
      geometry,
      label: `${code.slice(prefix)}\n${muOf(lang, Number(legal_m2))} ${unit}`,
    }));
  });

  /** What the map says of a refusal: of a parcel its state and whose it is, else the server's words. */
  private inShort({ code, parcel_status, now, holder, detail, title }: Problem): string {
    const { use } = this;
    const status = statuses.find((each) => each === (parcel_status ?? now?.status));
    if (!code || !status) return detail ?? title;
    return [`${code} · ${use.words.t(`web.status.${status}`)}`, holder].filter(Boolean).join('\n');
  }

  /** Where a node stands; null while that is on its way. */
  private pointOf(node: string): LonLat | null {
    const { land, supplies } = this.use;
    const listed = supplies.supply && nodesOf(supplies.supply).find(({ id }) => id === node);
    if (listed?.point) return listed.point as LonLat;
    const shape = land.networks.find(({ id }) => id === node)?.geometry;
    if (shape?.type === 'Point') return shape.coordinates as LonLat;
    untrack(() => void land.knowThing({ of: 'network', id: node }, ['network-nodes']));
    return null;
  }

  /** Where it was refused: the places the server names, or the parcel. */
  readonly spots = $derived.by(() => {
    const { refusal } = this;
    if (!refusal || refusal.differ) return [];
    const text = this.inShort(refusal);
    if (refusal.at && refusal.at.length > 0)
      return refusal.at.map((at, i) => ({ at, text: i === 0 ? text : '' }));
    const point = refusal.supply?.node ? this.pointOf(refusal.supply.node) : null;
    if (point && refusal.supply) {
      const { land, words } = this.use;
      const { code, shortfall, unit } = refusal.supply;
      const lacks = words.t('web.supply.lacks', { short: capacity(words.lang, shortfall, unit) });
      return [{ at: point, text: `${land.called(words.lang, code)}\n${lacks}` }];
    }
    const parcel = refusal.parcel ? this.use.land.parcelById.get(refusal.parcel) : this.parcels[0];
    const at = parcel && labelPoint(parcel.geometry);
    return at ? [{ at: at as LonLat, text }] : [];
  });
}

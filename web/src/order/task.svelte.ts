import { isBlank } from '../core/code';
import { addDays, dayOf, endOf } from '../core/asof';
import { longestSide } from '../core/bearing';
import { cutLine, sharedLine } from './cutline';
import type { Place } from '../core/drafts';
import { emptyDraft, finish, LINE, type Draft } from '../core/draw';
import { statuses, type LonLat } from '../core/feed';
import { capacity, muOf } from '../core/format';
import { labelPoint } from '../core/labelpoint';
import {
  aim,
  isAllotted,
  needsDocument,
  partCodes,
  type Command,
  type CommandKind,
  type DeskParcel,
  type Order,
  type Outcome,
  type PaperRef,
  type Shape,
  type SupplyMode,
} from '../core/orders';
import { planeOf, type Plane } from '../core/projection';
import { polygonOf, readSurvey, writeSurvey, type Surveyed } from '../core/survey';
import { preview, transact } from './transact';
import { isUnsure, Refusal, type Problem } from '../core/wire';
import type { Key } from '../core/message';
import type { Supply } from '../core/supply';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { PanelId } from '../state/panel.svelte';
import type { Session } from '../state/session.svelte';

export type SplitBy = 'line' | 'area' | 'parts';

/** A lot to be cut out of one parcel, and what is done with it in the same step. */
export interface Lot {
  /** With the lot on its left. */
  line: LonLat[];
  step: 'hold' | 'release';
}

/** A hold is asked for so many days unless the planner says otherwise. */
const HOLD_DAYS = 30;
const LONGEST_YEARS = 50;
const LONGEST_DAYS = 366;

/** What a planner types of an order. */
const typedFields = [
  'reason',
  'paper',
  'project',
  'until',
  'mode',
  'years',
  'termDays',
  'waiting',
  'lot',
  'lotCodes',
  'back',
  'first',
  'commitments',
  'by',
  'areaMu',
  'parts',
  'bearing',
  'side',
  'heir',
  'offsetM',
  'decision',
  'corners',
  'legalM2',
  'redrawing',
  'draft',
] as const;

/** An order as the browser keeps it: what was typed and, where it was sent and not answered, the order with its key. */
export interface TaskDraft {
  kind: CommandKind;
  title: Key;
  reverts: number | null;
  parcels: { id: string; code: string }[];
  fields: Record<string, unknown>;
  lost: { order: Order; key: string } | null;
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
  loadProjects(): Promise<void>;
}

/** An order under way: what the planner filled in, what it would do, why it was refused. */
export class Task {
  reason = $state('');
  paper = $state({ title: '', number: '', date: '' });
  project = $state('');
  until = $state('');
  mode = $state<SupplyMode>('listing');
  years = $state(LONGEST_YEARS);
  termDays = $state(HOLD_DAYS);
  /** The place in a line that is left. */
  waiting = '';
  /** Of a split that cuts out a lot. */
  lot = $state.raw<Lot | null>(null);
  /** The codes of that lot and of what is left. */
  lotCodes = $state({ lot: '', rest: '' });
  /** The panel that the order was begun in, to which it leads back. */
  back: PanelId | null = null;
  /** The change that the one undone here followed in one step: it can be undone next. */
  first: number | null = null;
  commitments = $state<Record<string, string>>({});
  by = $state<SplitBy>('line');
  areaMu = $state('');
  parts = $state(2);
  bearing = $state(0);
  side = $state<'left' | 'right'>('left');
  heir = $state('');
  /** How far to the right of the parcel's middle a cut by bearing passes, in metres. */
  offsetM = $state(0);
  decision = $state.raw<Record<string, unknown>>({});
  /** The corners that a survey found, as text that `readSurvey` takes. */
  corners = $state('');
  /** The area that a survey found, in m²; "": as it was. */
  legalM2 = $state('');
  /** Whether the survey's outline is being drawn on the map. */
  redrawing = $state(false);
  draft = $state.raw<Draft>(emptyDraft);
  parcels = $state.raw<readonly DeskParcel[]>([]);

  outcome = $state.raw<Outcome | null>(null);
  refusal = $state.raw<Problem | null>(null);
  /** The order that was confirmed and not answered: whether it was made is not known. It is sent again as it was, under its key, so that it is made once. */
  lost = $state.raw<{ order: Order; key: string } | null>(null);
  /** Nobody answered, be it a preview or the order. */
  silent = $state(false);
  busy = $state<'no' | 'preview' | 'order'>('no');

  /** The plane that coordinates are read and written in. */
  readonly plane: Plane | null;
  private previewing = new AbortController();
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly place: Place<TaskDraft>;

  constructor(
    private readonly use: Around,
    private readonly host: Host,
    readonly kind: CommandKind,
    parcels: readonly DeskParcel[],
    readonly reverts: number | null = null,
    readonly id: string = crypto.randomUUID(),
  ) {
    this.parcels = parcels;
    this.place = use.session.drafts.place(draftName(use.land.park?.code ?? '', id));
    const first = parcels[0];
    const ends = kind === 'extend' ? first?.properties.expires_at : null;
    this.until = addDays(ends ? dayOf(Date.parse(ends), use.land.timeZone) : use.land.today, HOLD_DAYS);
    this.plane = planeOf(use.land.park?.survey_crs ?? null);
    if (first && this.plane)
      this.bearing = longestSide(this.plane, first.geometry.coordinates[0] as LonLat[]);
    if (first && kind === 'correct')
      this.corners = writeSurvey(first.geometry.coordinates as LonLat[][], this.plane);
  }

  readonly allotted = $derived.by(() => this.parcels.some(isAllotted));
  readonly closes = $derived.by(() => this.kind === 'correct');
  readonly draws = $derived.by(
    () =>
      this.kind === 'move' ||
      (this.kind === 'split' && this.by === 'line' && !this.lot) ||
      (this.kind === 'correct' && this.redrawing),
  );
  readonly survey = $derived.by<Surveyed>(() => readSurvey(this.corners, this.plane));
  /** Whether all is said that confirming needs beside a preview. */
  readonly reasoned = $derived.by(
    () => !isBlank(this.reason) && (!needsDocument(this.kind) || !isBlank(this.paper.title)),
  );
  readonly totalM2 = $derived.by(() =>
    this.parcels.reduce((sum, { properties }) => sum + properties.legal_m2, 0),
  );
  /** The codes that a split's parts will have. */
  readonly codes = $derived.by(() => {
    const parent = this.parcels[0]?.properties.code;
    if (this.kind !== 'split' || !parent) return [];
    const drawn = this.outcome?.parcels.filter(({ code }) => code.startsWith(`${parent}-`)).length ?? 0;
    return partCodes(parent, this.by === 'parts' ? this.parts : Math.max(2, drawn));
  });
  readonly holds = $derived.by(() => this.kind === 'hold' || this.lot?.step === 'hold');
  readonly title = $derived.by<Key>(() =>
    this.lot ? `web.order.cut.${this.lot.step}` : `web.order.${this.kind}`,
  );
  /** What is asked for, as far as it is filled in; null while something is missing. */
  readonly command = $derived.by<Command | null>(() => this.complete());

  /** Fetches what the order needs beside the map. */
  async open(): Promise<void> {
    if (this.holds || this.kind === 'queue') await this.host.loadProjects();
  }

  /** Makes the split one that cuts out a lot. */
  cut(lot: Lot): void {
    const [first = '', second = ''] = partCodes(this.parcels[0]?.properties.code ?? '', 2);
    this.lot = lot;
    this.lotCodes = { lot: first, rest: second };
  }

  close(): void {
    clearTimeout(this.timer);
    this.previewing.abort();
  }

  private complete(): Command | null {
    const { kind } = this;
    if (kind === 'revert') return this.reverts === null ? null : { kind, reverts: this.reverts };
    if (kind === 'leave') return { kind, waiting: this.waiting };
    const target = aim(kind, this.parcels);
    switch (kind) {
      case 'hold':
        return this.project && this.until
          ? { ...target, project: this.project, until: this.deadline() }
          : null;
      case 'queue':
        return this.project && this.termDays >= 1 && this.termDays <= LONGEST_DAYS
          ? { ...target, project: this.project, term_days: this.termDays }
          : null;
      case 'extend':
        return this.until ? { ...target, until: this.deadline() } : null;
      case 'supply':
        return this.years > 0 ? { ...target, terms: this.terms() } : null;
      case 'split':
      case 'move': {
        if (this.lot) return this.cutting(target, this.lot);
        const shape = this.shape();
        return shape && { ...target, shape };
      }
      case 'correct': {
        const found = this.surveyed();
        return found && { ...target, shape: found };
      }
      case 'merge':
        return Object.keys(this.decision).length > 0
          ? { ...target, shape: { decision: this.decision } }
          : target;
      default:
        return target;
    }
  }

  private cutting(target: Command, { line, step }: Lot): Command | null {
    const [lot, rest] = [this.lotCodes.lot.trim(), this.lotCodes.rest.trim()];
    if (!lot || !rest || (step === 'hold' && !(this.project && this.until))) return null;
    const hold = step === 'hold' && { project: this.project, until: this.deadline() };
    return {
      ...target,
      shape: { line, side: 'left', codes: [lot, rest] },
      then: { kind: step, lot, ...hold },
    };
  }

  private deadline(): string {
    return endOf(this.until, this.use.land.timeZone).replace(/\.\d+Z$/, 'Z');
  }

  private terms(): NonNullable<Command['terms']> {
    const stated = Object.entries(this.commitments).filter(([, value]) => value !== '' && value !== null);
    const commitments = Object.fromEntries(
      stated.map(([key, value]) => [
        key,
        /^\d+(\.\d+)?$/.test(String(value)) ? Number(value) : String(value),
      ]),
    );
    return {
      supply_mode: this.mode,
      term_years: this.years,
      ...(stated.length > 0 && { commitments }),
    };
  }

  private shape(): Shape | null {
    const heir = this.allotted && this.kind === 'split' ? { heir: this.heir || (this.codes[0] ?? '') } : {};
    if (this.draws) {
      return this.draft.finished ? { line: [...this.draft.points], ...heir } : null;
    }
    if (this.by === 'parts') return { parts: this.parts, bearing: this.bearing, ...heir };
    const area = String(this.areaMu ?? '').trim();
    if (!/^\d+(\.\d+)?$/.test(area) || Number(area) <= 0) return null;
    return { area_mu: Number(area), bearing: this.bearing, side: this.side, ...heir };
  }

  private surveyed(): Shape | null {
    const polygon = 'rings' in this.survey ? polygonOf(this.survey.rings) : null;
    const area = this.legalM2.trim();
    if (!polygon || (area !== '' && !(/^\d+(\.\d{1,4})?$/.test(area) && Number(area) > 0))) return null;
    return { geometry: polygon, ...(area !== '' && { legal_m2: Number(area) }) };
  }

  /** Takes over a line or ring drawn on the map. */
  drawn(draft: Draft): void {
    this.draft = draft;
    if (this.closes && draft.finished) this.corners = writeSurvey([draft.points], this.plane);
  }

  /** Takes over the points of a line that were typed. */
  typed(points: readonly LonLat[]): void {
    this.draft = finish({ points, finished: false }, LINE);
  }

  /** A straight cut by bearing and offset. */
  cutAcross(): void {
    const ring = this.parcels[0]?.geometry.coordinates[0];
    if (ring && this.plane) this.typed(cutLine(this.plane, ring as LonLat[], this.bearing, this.offsetM));
  }

  /** The boundary as it is, to be moved from there. */
  takeBoundary(): void {
    const [a, b] = this.parcels.map(({ geometry }) => geometry.coordinates[0] as LonLat[]);
    if (a && b) this.draft = { points: sharedLine(a, b), finished: false };
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

  /** Keeps in the browser what was typed, so that it outlives the page. An order that was opened and nothing more is not kept. */
  keep(): void {
    const draft = this.draftWith(this.lost);
    const begun = this.reason.trim() !== '' || this.paper.title.trim() !== '' || this.draft.points.length > 0;
    if (begun || this.lost) this.place.keep(draft);
  }

  /** Gives up what is kept. */
  drop(): void {
    this.place.drop();
  }

  private draftWith(lost: Task['lost']): TaskDraft {
    const fields = Object.fromEntries(typedFields.map((name) => [name, this[name]]));
    return {
      kind: this.kind,
      title: this.title,
      reverts: this.reverts,
      parcels: this.parcels.map(({ id, properties }) => ({ id, code: properties.code })),
      fields: $state.snapshot(fields),
      lost,
    };
  }

  /** Takes up what was typed before the page went. */
  restore({ fields, lost }: TaskDraft): void {
    for (const name of typedFields) if (name in fields) Object.assign(this, { [name]: fields[name] });
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
    const attempted = this.closes && this.refusal ? this.surveyed()?.geometry : undefined;
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

  /** Where it was refused: the places the server names, or the parcel. */
  readonly spots = $derived.by(() => {
    const { refusal } = this;
    if (!refusal || refusal.differ) return [];
    const text = this.inShort(refusal);
    if (refusal.at && refusal.at.length > 0)
      return refusal.at.map((at, i) => ({ at, text: i === 0 ? text : '' }));
    const node = this.use.supplies.supply?.services
      .flatMap(({ nodes }) => nodes)
      .find(({ id }) => id === refusal.supply?.node);
    if (node?.point && refusal.supply) {
      const { code, shortfall, unit } = refusal.supply;
      const short = capacity(this.use.words.lang, shortfall, unit);
      return [{ at: node.point, text: `${code}\n${this.use.words.t('web.supply.lacks', { short })}` }];
    }
    const parcel = refusal.parcel ? this.use.land.parcelById.get(refusal.parcel) : this.parcels[0];
    const at = parcel && labelPoint(parcel.geometry);
    return at ? [{ at: at as LonLat, text }] : [];
  });
}

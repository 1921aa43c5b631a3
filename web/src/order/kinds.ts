import { addDays, dayOf, endOf, type Day } from '../core/asof';
import { longestSide } from '../core/bearing';
import { emptyDraft, type Draft as Line } from '../core/draw';
import type { LonLat } from '../core/feed';
import {
  aim,
  isAllotted,
  partCodes,
  type Command,
  type CommandKind,
  type DeskParcel,
  type OrderKind,
  type Shape,
  type SupplyMode,
} from '../core/orders';
import type { Plane } from '../core/projection';
import { polygonOf, type Rings, type Surveyed } from '../core/survey';

export type SplitBy = 'line' | 'area' | 'parts';

/** A hold is asked for so many days unless the planner says otherwise. */
const HOLD_DAYS = 30;
const LONGEST_YEARS = 50;
const LONGEST_DAYS = 366;

/** What a planner fills in for an order, by form; what every order has stands in its task. */
interface Fields {
  /** Kinds that ask for nothing more. */
  plain: object;
  hold: { project: string; until: Day };
  extend: { until: Day };
  queue: { project: string; termDays: number };
  supply: { mode: SupplyMode; years: number; commitments: Record<string, string> };
  split: {
    by: SplitBy;
    areaMu: string;
    parts: number;
    bearing: number;
    side: 'left' | 'right';
    heir: string;
    /** How far to the right of the parcel's middle a cut by bearing passes, in metres. */
    offsetM: number;
  };
  /** A split that cuts out a lot, which lies on the left of the line, and holds or releases it in the same step. */
  lot: {
    line: LonLat[];
    step: 'hold' | 'release';
    /** The codes of the lot and of what is left. */
    lot: string;
    rest: string;
    project: string;
    until: Day;
  };
  move: object;
  correct: {
    /** The corners that a survey found, as text that the server reads. */
    corners: string;
    /** The area that a survey found, in m²; "": as it was. */
    legalM2: string;
    /** Whether the survey's outline is being drawn on the map. */
    redrawing: boolean;
  };
  /** What was decided where the parcels differ. */
  merge: { decision: Record<string, unknown> };
  /** `first`: the change that the one undone here followed in one step; it can be undone next. */
  revert: { reverts: number; first: number | null };
  leave: { waiting: string };
}

export type FormName = keyof Fields;
/** The draft of one form. */
export type Of<F extends FormName> = { form: F } & Fields[F];
/** A draft of an order: one type a form, told apart by its name. */
export type Typed = { [F in FormName]: Of<F> }[FormName];

/** What a draft is filled in for. */
export interface Setting {
  kind: CommandKind;
  parcels: readonly DeskParcel[];
  /** The plane that coordinates are read and written in. */
  plane: Plane | null;
  timeZone: string;
  today: Day;
  /** What is drawn on the map. */
  line: Line;
  surveys: SurveyTexts;
}

/** What reads and writes the corners of a survey as text. */
export interface SurveyTexts {
  read(text: string): Surveyed | null;
  write(rings: Rings): string;
}

/** What the page knows of a form. */
interface Form<F extends FormName> {
  /** The draft as the form opens with it. */
  begin(at: Setting): Fields[F];
  /** What is asked for, as far as it is filled in; null while something is missing. */
  command(typed: Fields[F], at: Setting): Command | null;
  /** Whether the map is drawn on. */
  draws?(typed: Fields[F]): boolean;
  /** What is drawn ends where it began. */
  closes?: true;
}

const forms: { [F in FormName]: Form<F> } = {
  plain: {
    begin: () => ({}),
    command: (_, at) => target(at),
  },
  hold: {
    begin: ({ today }) => ({ project: '', until: addDays(today, HOLD_DAYS) }),
    command: ({ project, until }, at) =>
      project && until ? { ...target(at), project, until: deadline(until, at) } : null,
  },
  extend: {
    begin: ({ parcels, timeZone, today }) => {
      const ends = parcels[0]?.properties.expires_at;
      return { until: addDays(ends ? dayOf(Date.parse(ends), timeZone) : today, HOLD_DAYS) };
    },
    command: ({ until }, at) => (until ? { ...target(at), until: deadline(until, at) } : null),
  },
  queue: {
    begin: () => ({ project: '', termDays: HOLD_DAYS }),
    command: ({ project, termDays }, at) =>
      project && termDays >= 1 && termDays <= LONGEST_DAYS
        ? { ...target(at), project, term_days: termDays }
        : null,
  },
  supply: {
    begin: () => ({ mode: 'listing', years: LONGEST_YEARS, commitments: {} }),
    command: (typed, at) => (typed.years > 0 ? { ...target(at), terms: termsOf(typed) } : null),
  },
  split: {
    begin: ({ parcels, plane }) => ({
      by: 'line',
      areaMu: '',
      parts: 2,
      bearing: parcels[0] && plane ? longestSide(plane, ringOf(parcels[0])) : 0,
      side: 'left',
      heir: '',
      offsetM: 0,
    }),
    command: (typed, at) => shaped(splitShape(typed, at), at),
    draws: ({ by }) => by === 'line',
  },
  lot: {
    begin: ({ parcels, today }) => {
      const [lot = '', rest = ''] = partCodes(parcels[0]?.properties.code ?? '', 2);
      return { line: [], step: 'hold', lot, rest, project: '', until: addDays(today, HOLD_DAYS) };
    },
    command: cutting,
  },
  move: {
    begin: () => ({}),
    command: (_, at) => shaped(drawn(at), at),
    draws: () => true,
  },
  correct: {
    begin: ({ parcels, surveys }) => ({
      corners: parcels[0] ? surveys.write(parcels[0].geometry.coordinates as Rings) : '',
      legalM2: '',
      redrawing: false,
    }),
    command: (typed, at) => shaped(surveyed(typed, at), at),
    draws: ({ redrawing }) => redrawing,
    closes: true,
  },
  merge: {
    begin: () => ({ decision: {} }),
    command: ({ decision }, at) => ({
      ...target(at),
      ...(Object.keys(decision).length > 0 && { shape: { decision } }),
    }),
  },
  revert: {
    begin: () => ({ reverts: 0, first: null }),
    command: ({ reverts }, { kind }) => ({ kind, reverts }),
  },
  leave: {
    begin: () => ({ waiting: '' }),
    command: ({ waiting }, { kind }) => ({ kind, waiting }),
  },
};

/** The form of a kind; a lot is cut by one of its own. */
const formOf = (kind: CommandKind): FormName => (kind in forms ? (kind as FormName) : 'plain');

/** The draft that a form opens with. */
export function begin<F extends FormName>(form: F, at: Setting): Of<F> {
  return { form, ...forms[form].begin(at) };
}

/** The draft that a kind opens with. */
export const beginKind = (at: Setting): Typed => begin(formOf(at.kind), at) as Typed;

/** What a draft asks for; null while something is missing. */
export function commandOf<F extends FormName>(typed: Of<F>, at: Setting): Command | null {
  return forms[typed.form].command(typed, at);
}

export function draws<F extends FormName>(typed: Of<F>): boolean {
  return forms[typed.form].draws?.(typed) ?? false;
}

export const closes = ({ form }: Typed): boolean => forms[form].closes ?? false;

/** The outline and area that a survey found; null while they aren't or can't be read. */
export function surveyed({ corners, legalM2 }: Fields['correct'], { surveys }: Setting): Shape | null {
  const survey = surveys.read(corners);
  const polygon = survey && 'rings' in survey ? polygonOf(survey.rings) : null;
  const area = legalM2.trim();
  if (!polygon || (area !== '' && !(/^\d+(\.\d{1,4})?$/.test(area) && Number(area) > 0))) return null;
  return { geometry: polygon, ...(area !== '' && { legal_m2: Number(area) }) };
}

export const ringOf = ({ geometry }: DeskParcel): LonLat[] => geometry.coordinates[0] as LonLat[];

const target = ({ kind, parcels }: Setting): Command => aim(kind as OrderKind, parcels);
const shaped = (shape: Shape | null, at: Setting): Command | null => shape && { ...target(at), shape };
const deadline = (day: Day, { timeZone }: Setting): string => endOf(day, timeZone).replace(/\.\d+Z$/, 'Z');
const drawn = ({ line }: Setting): Shape | null => (line.finished ? { line: [...line.points] } : null);

function termsOf({ mode, years, commitments }: Fields['supply']): NonNullable<Command['terms']> {
  const stated = Object.entries(commitments).filter(([, value]) => value !== '' && value !== null);
  const figures = stated.map(([key, value]) => [
    key,
    /^\d+(\.\d+)?$/.test(String(value)) ? Number(value) : String(value),
  ]);
  return {
    supply_mode: mode,
    term_years: years,
    ...(stated.length > 0 && { commitments: Object.fromEntries(figures) }),
  };
}

function splitShape(typed: Fields['split'], at: Setting): Shape | null {
  const { by, areaMu, parts, bearing, side, heir } = typed;
  const [first] = partCodes(at.parcels[0]?.properties.code ?? '', 1);
  const inherits = at.parcels.some(isAllotted) && first ? { heir: heir || first } : {};
  const line = drawn(at);
  if (by === 'line') return line && { ...line, ...inherits };
  if (by === 'parts') return { parts, bearing, ...inherits };
  const area = String(areaMu ?? '').trim();
  if (!/^\d+(\.\d+)?$/.test(area) || Number(area) <= 0) return null;
  return { area_mu: Number(area), bearing, side, ...inherits };
}

function cutting({ line, step, project, until, ...codes }: Fields['lot'], at: Setting): Command | null {
  const [lot, rest] = [codes.lot.trim(), codes.rest.trim()];
  if (!lot || !rest || (step === 'hold' && !(project && until))) return null;
  const hold = step === 'hold' && { project, until: deadline(until, at) };
  return {
    ...target(at),
    shape: { line, side: 'left', codes: [lot, rest] },
    then: { kind: step, lot, ...hold },
  };
}

/** Nothing is drawn yet. */
export const nothing: Line = emptyDraft;

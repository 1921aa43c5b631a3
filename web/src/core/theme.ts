import type { Kind, Status } from './feed';

/**
 * The page's colours, for CSS and map alike. The light sheet is hand-tinted survey paper: the statuses are the
 * washes of old cadastral maps (gamboge, malachite, ochre, lotus, indigo), the accent a vermilion seal, kept
 * for what is selected. Pipes follow the hues that Chinese surveys of underground lines use: heat orange, water
 * blue, gas pink, sewer brown, power red.
 */
export interface Theme {
  paper: string;
  sheet: string;
  raised: string;
  land: string;
  sea: string;
  coast: string;
  ink: string;
  ink2: string;
  line: string;
  lineStrong: string;
  seal: string;
  onSeal: string;
  focus: string;
  parkFill: string;
  zoneLine: string;
  grid: string;
  road: string;
  roadCasing: string;
  plan: string;
  status: Record<Status, string>;
  /** Lettering on `status.built`, the one deep wash. */
  onBuilt: string;
  parcelLine: string;
  kind: Record<Exclude<Kind, 'road'>, string>;
  /**
   * A surface from its least to its most score: straw, amber, madder, aubergine by day, and the other way at night, so
   * that the best ground is what stands out most. Lightness runs one way all along, also to colour-blind eyes: a test
   * holds it so.
   */
  heat: readonly string[];
}

export const light: Theme = {
  paper: '#f5f1e6',
  sheet: '#fcfaf4',
  raised: '#ffffff',
  land: '#efe9da',
  sea: '#cfdede',
  coast: '#8aa5a8',
  ink: '#1d2a33',
  ink2: '#55616a',
  line: '#ddd5c2',
  lineStrong: '#b9ae95',
  seal: '#ad2a1f',
  onSeal: '#fff8f0',
  focus: '#0f5c8a',
  parkFill: '#f8f4ea',
  zoneLine: '#7b6a45',
  grid: '#b7aa8c',
  road: '#ffffff',
  roadCasing: '#b3a78d',
  plan: '#5b4a8a',
  status: {
    reserve: '#edca62',
    available: '#7cc3a3',
    in_negotiation: '#f2c09f',
    held: '#eaa67c',
    reserved: '#c3a1cb',
    supplied: '#93b7d6',
    built: '#4a739f',
    withdrawn: '#cdc8bb',
  },
  onBuilt: '#ffffff',
  parcelLine: '#4a4636',
  kind: {
    rail: '#3a3f44',
    port: '#2c5d7c',
    substation: '#b3261e',
    power: '#b3261e',
    steam: '#c96a14',
    water: '#1a78b0',
    gas: '#c2447e',
    sewer: '#7d5a38',
    nitrogen: '#4d6b3c',
  },
  heat: ['#fbe9b0', '#f6c65f', '#ea8f3f', '#cf5446', '#9b2c5e', '#5c1a66', '#26104a'],
};

export const dark: Theme = {
  paper: '#12181c',
  sheet: '#1a2227',
  raised: '#222c32',
  land: '#1b2226',
  sea: '#0e1a20',
  coast: '#3d5a63',
  ink: '#ece7da',
  ink2: '#a9b0ae',
  line: '#334047',
  lineStrong: '#52626a',
  seal: '#e8705f',
  onSeal: '#21100d',
  focus: '#7cc0ea',
  parkFill: '#20292e',
  zoneLine: '#b7a678',
  grid: '#46525a',
  road: '#3a464d',
  roadCasing: '#10161a',
  plan: '#b3a3e6',
  status: {
    reserve: '#b8942f',
    available: '#3f8a6c',
    in_negotiation: '#9a6246',
    held: '#b3693d',
    reserved: '#85628f',
    supplied: '#4d7799',
    built: '#305680',
    withdrawn: '#5c5f5c',
  },
  onBuilt: '#ece7da',
  parcelLine: '#0c1114',
  kind: {
    rail: '#c5ccd0',
    port: '#8fc1de',
    substation: '#f08a80',
    power: '#f08a80',
    steam: '#f0a35c',
    water: '#66b8e8',
    gas: '#ea8ab5',
    sewer: '#c7a27b',
    nitrogen: '#a4c98c',
  },
  heat: ['#3a1c5a', '#6b2470', '#a3306a', '#d2524f', '#ec8a43', '#f7c262', '#fdf0c0'],
};

/** The theme as CSS custom properties: `--ink`, `--status-reserve`, `--kind-steam`. */
export function cssVariables(theme: Theme): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [name, value] of Object.entries(theme)) {
    if (typeof value === 'string') out[`--${dashed(name)}`] = value;
    else for (const [member, colour] of Object.entries(value)) out[`--${name}-${member}`] = String(colour);
  }
  out['--heat'] = theme.heat.join(', ');
  return out;
}

/** The colour of a surface `share` of the way from its least to its most score. */
export function heatColour({ heat }: Theme, share: number): string {
  const place = Math.min(1, Math.max(0, share)) * (heat.length - 1);
  const stop = Math.min(heat.length - 2, Math.floor(place));
  return mix(heat[stop] ?? '', heat[stop + 1] ?? '', place - stop);
}

/** A colour `share` of the way to another; both as #rrggbb. */
export function mix(from: string, to: string, share: number): string {
  const channels = [1, 3, 5].map((at) => {
    const [a, b] = [from, to].map((hex) => parseInt(hex.slice(at, at + 2), 16));
    return Math.round((a ?? 0) + ((b ?? 0) - (a ?? 0)) * share);
  });
  return `#${channels.map((value) => value.toString(16).padStart(2, '0')).join('')}`;
}

function dashed(name: string): string {
  return name.replace(/[A-Z0-9]/g, (c) => `-${c.toLowerCase()}`);
}

import type { Paper } from '../core/api';
import { nameIn, type Lang } from '../core/message';
import { sayOf } from './text';

/** The most bytes of a file, and the most papers of a parcel: the database refuses more. */
export const MOST_BYTES = 8 * 2 ** 20;
export const MOST_PAPERS = 20;

/** What the server takes, for the browser's choice of files. */
export const ACCEPTED = 'image/jpeg,image/png,image/webp,application/pdf';

export const titleOf = (lang: Lang, paper: Paper): string =>
  nameIn(lang, paper.title_zh, paper.title_en) ?? '';

/** What a paper says beside its title: what it is, its number, its day, until when it holds. `today` is the park's. */
export function saidOf(lang: Lang, paper: Paper, today: string): string {
  const { dated, number, expires_on: until } = paper;
  const said = [
    paper.illustrative && sayOf(lang, 'paper.illustrative'),
    number && sayOf(lang, 'paper.number', { number }),
    dated ?? sayOf(lang, 'paper.undated'),
    until && sayOf(lang, until < today ? 'paper.expired' : 'paper.until', { day: until }),
    paper.kind === 'document' && sizeOf(lang, paper),
  ];
  return said.filter(Boolean).join(' · ');
}

function sizeOf(lang: Lang, { media_type, size }: Paper): string {
  const type = media_type === 'image/jpeg' ? 'JPG' : (media_type.split('/')[1] ?? '').toUpperCase();
  return sayOf(lang, 'paper.size', { type, size: Math.ceil(size / 1024) });
}

/** A picture's smaller sizes and the whole, for a browser to choose from; none where it isn't made smaller. */
export const sizesOf = ({ href, width, widths }: Paper): string | undefined =>
  widths?.length
    ? [...widths.map((each) => `${href}?width=${each} ${each}w`), `${href} ${width}w`].join(', ')
    : undefined;

/** The bytes of a file in Base64, as an order takes them. */
export function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

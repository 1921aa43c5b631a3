import type { ImportReport } from '../core/api';
import type { BBox } from '../core/feed';

const sum = (counts: Record<string, number> | undefined): number =>
  Object.values(counts ?? {}).reduce((total, n) => total + n, 0);

/** How many flaws the drawing has, listed or not. */
export const flawsOf = (report: Pick<ImportReport, 'flaw_counts'>): number => sum(report.flaw_counts);

/** How many were mended. */
export const mendedOf = (report: Pick<ImportReport, 'mended_counts'>): number => sum(report.mended_counts);

/** Some 40 m around a place, in degrees: so near the edges beside a flaw are told apart from their neighbours. */
export function around([lon = 0, lat = 0]: readonly number[]): BBox {
  const half = 20 / 111_320;
  const wide = half / Math.cos((lat * Math.PI) / 180);
  return [lon - wide, lat - half, lon + wide, lat + half];
}

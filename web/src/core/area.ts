/** Legal and computed area further apart than this share call for a note (docs/feeds.md). */
export const NOTE_SHARE = 0.01;

/**
 * How far the computed area lies from the legal one, as a signed share of the legal one; null where it can't be
 * told.
 */
export function divergence(legalM2: number, computedM2: number): number | null {
  if (!(legalM2 > 0) || !Number.isFinite(computedM2)) return null;
  return (computedM2 - legalM2) / legalM2;
}

/** The divergence where it deserves a note, else null. */
export function notable(legalM2: number, computedM2: number): number | null {
  const share = divergence(legalM2, computedM2);
  return share !== null && Math.abs(share) > NOTE_SHARE ? share : null;
}

/** A label that would stand with the middle of its foot at a place, in pixels. */
export interface Label {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Between labels, in pixels. */
const GAP = 3;

/**
 * Labels moved up until none lies over another, in the order given; the lowest on the screen keep their place, as what
 * stands in front.
 */
export function stacked(labels: readonly Label[]): Label[] {
  const placed: Label[] = [];
  const out = labels.map((label) => ({ ...label }));
  for (const label of [...out].sort((a, b) => b.y - a.y)) {
    for (let clash = clashOf(label, placed); clash; clash = clashOf(label, placed))
      label.y = clash.y - clash.height - GAP;
    placed.push(label);
  }
  return out;
}

const clashOf = (label: Label, placed: readonly Label[]): Label | undefined =>
  placed.find(
    (other) =>
      Math.abs(label.x - other.x) < (label.width + other.width) / 2 + GAP &&
      label.y > other.y - other.height - GAP &&
      label.y - label.height - GAP < other.y,
  );

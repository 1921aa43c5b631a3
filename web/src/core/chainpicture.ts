import type { FilledNode, Link } from './chain';

/** A piece of the chain in the picture: its row, its place in the row, and how many the row has. */
export interface Spot {
  node: FilledNode;
  row: number;
  place: number;
  of: number;
}

/** The picture of a chain: rows of pieces, from raw material down to use. */
export interface ChainPicture {
  rows: FilledNode[][];
  spots: ReadonlyMap<string, Spot>;
}

/** What a piece is in the park. */
export type Standing = 'here' | 'coming' | 'missing';

export function standingOf({ tenants, pipeline }: Pick<FilledNode, 'tenants' | 'pipeline'>): Standing {
  if (tenants.length > 0) return 'here';
  return pipeline > 0 ? 'coming' : 'missing';
}

/**
 * Lays a chain out by stage, so many pieces beside one another at most.
 *
 *  1. A piece of a stage stands in the row of its stage. One that serves several stages (stage −1) stands beside the
 *     first of the pieces that it is linked to; one that is linked to none, in a row of its own at the end.
 *  2. Within a row the pieces of the stage come first, in the chain's order.
 *  3. A row that is too long is broken into rows as even as can be.
 */
export function pictureOf(
  nodes: readonly FilledNode[],
  links: readonly Link[],
  beside: number,
): ChainPicture {
  const stageOf = new Map(nodes.map(({ code, stage }) => [code, stage]));
  const own = (node: FilledNode): number => {
    if (node.stage >= 0) return node.stage;
    const linked = links.flatMap(({ from, to }) =>
      from === node.code ? [to] : to === node.code ? [from] : [],
    );
    return Math.min(...linked.map((code) => stageOf.get(code) ?? -1).filter((stage) => stage >= 0));
  };
  const byStage = new Map<number, FilledNode[]>();
  for (const node of [...nodes].sort((a, b) => Number(a.stage < 0) - Number(b.stage < 0)))
    byStage.set(own(node), [...(byStage.get(own(node)) ?? []), node]);
  const rows = [...byStage]
    .sort(([a], [b]) => (a === b ? 0 : a - b))
    .flatMap(([, row]) => broken(row, beside));
  const spots = rows.flatMap((row, at) =>
    row.map((node, place): [string, Spot] => [node.code, { node, row: at, place, of: row.length }]),
  );
  return { rows, spots: new Map(spots) };
}

function broken<T>(row: readonly T[], most: number): T[][] {
  const pieces = Math.ceil(row.length / most);
  const size = Math.ceil(row.length / pieces);
  return Array.from({ length: pieces }, (_, i) => row.slice(i * size, (i + 1) * size));
}

/** Measures of the picture, in its own units. */
export interface Frame {
  width: number;
  /** From the top of one row to the top of the next. */
  pitch: number;
  /** Of a piece. */
  boxWidth: number;
  boxHeight: number;
}

/** The middle of a piece. */
export function middleOf(
  { row, place, of }: Spot,
  { width, pitch, boxHeight }: Frame,
): { x: number; y: number } {
  return { x: ((place + 0.5) / of) * width, y: row * pitch + boxHeight / 2 };
}

/** The way of a link as an SVG path: down from foot to head, or from side to side in one row. */
export function wayOf(from: Spot, to: Spot, frame: Frame): string {
  const [a, b] = [middleOf(from, frame), middleOf(to, frame)];
  const { boxWidth, boxHeight } = frame;
  if (from.row === to.row) {
    const side = Math.sign(b.x - a.x) * (boxWidth / 2);
    const next = Math.abs(from.place - to.place) === 1;
    if (next) return `M${a.x + side} ${a.y}L${b.x - side} ${b.y}`;
    const dip = a.y + boxHeight / 2 + 14;
    return `M${a.x} ${a.y + boxHeight / 2}C${a.x} ${dip} ${b.x} ${dip} ${b.x} ${b.y + boxHeight / 2}`;
  }
  const down = Math.sign(b.y - a.y) * (boxHeight / 2);
  const [y0, y1] = [a.y + down, b.y - down];
  const bend = (y1 - y0) * 0.5;
  return `M${a.x} ${y0}C${a.x} ${y0 + bend} ${b.x} ${y1 - bend} ${b.x} ${y1}`;
}

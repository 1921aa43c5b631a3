import { createContext } from 'svelte';
import type { Column } from '../core/stage';
import type { Link } from '../state/link.svelte';
import type { Panels } from '../state/panel.svelte';
import { boardAtStart, boardLink, sheetAtStart, sheetLink, type BoardAt, type SheetAt } from './link';

/** Of a large park, so many parcels with a project are asked for, to be coloured by its stage. */
export const STAGED_MOST = 2_000;

/** How the board and the sheet of a week are shown, which the address tells, and what the map shows of the board. */
export class Boards {
  at = $state.raw<BoardAt>(boardAtStart);
  sheet = $state.raw<SheetAt>(sheetAtStart);
  /** The stages of projects on the map, by the codes of their parcels; null: the map shows none. */
  stages = $state.raw<ReadonlyMap<string, Column> | null>(null);

  constructor(private readonly use: { link: Link; panels: Panels }) {}

  addLink(): void {
    const { link, panels } = this.use;
    link.add(
      boardLink,
      () => (panels.open === 'board' ? this.at : null),
      (at) => {
        if (at) panels.put('board');
        else if (panels.open === 'board') panels.put(null);
        this.at = at ?? this.at;
      },
    );
    link.add(
      sheetLink,
      () => (panels.open === 'dispatch' ? this.sheet : null),
      (at) => {
        if (at) panels.put('dispatch');
        else if (panels.open === 'dispatch') panels.put(null);
        this.sheet = at ?? this.sheet;
      },
    );
  }

  change(part: Partial<BoardAt>): void {
    this.at = { ...this.at, ...part };
    this.use.link.note();
  }

  turn(part: Partial<SheetAt>): void {
    this.sheet = { ...this.sheet, ...part };
    this.use.link.note();
  }
}

export const [useBoards, provideBoards] = createContext<Boards>();

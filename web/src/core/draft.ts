/** What someone types beside what it was when they began. */
export interface Draft<F extends object> {
  base: F;
  typed: F;
}

/** A draft set upon what another has written meanwhile. */
export interface Rebased<F extends object> extends Draft<F> {
  /** Fields that the other changed. */
  news: (keyof F)[];
  /** Of these, those that were typed differently here: what was typed stays until its writer decides. */
  clashes: (keyof F)[];
}

export const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Fields typed otherwise than they were. */
export function changed<F extends object>({ base, typed }: Draft<F>): (keyof F)[] {
  return (Object.keys(typed) as (keyof F)[]).filter((field) => !same(base[field], typed[field]));
}

/** Takes over what another wrote where nothing was typed here, and loses nothing that was. */
export function rebase<F extends object>({ base, typed }: Draft<F>, theirs: F): Rebased<F> {
  const news = (Object.keys(theirs) as (keyof F)[]).filter((field) => !same(base[field], theirs[field]));
  const clashes = news.filter(
    (field) => !same(typed[field], base[field]) && !same(typed[field], theirs[field]),
  );
  const next = { ...typed };
  for (const field of news) if (!clashes.includes(field)) next[field] = theirs[field];
  return { base: theirs, typed: next, news, clashes };
}

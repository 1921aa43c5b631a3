import { quietly, type Shelf } from './shelf';
import { isUnsure } from './wire';

/** What is kept of one form, until it is answered or given up. */
export interface Place<D> {
  read(): D | null;
  keep(draft: D): void;
  drop(): void;
}

const ROOT = 'luodi.draft';

/**
 * What an account has typed and not had answered, kept in the browser so that it outlives a reload, a closed
 * tab and a dead server; and the key of what was sent, so that the same sent again is done once. Data of
 * persons are kept by the tab alone, and go with the sign-in.
 */
export class Drafts {
  constructor(
    private readonly account: () => string | null,
    private readonly lasting: Shelf | null,
    private readonly passing: Shelf | null = null,
  ) {}

  /** The place of a draft; of data of persons one that ends with the tab. */
  place<D>(name: string, personal = false): Place<D> {
    const shelf = personal ? this.passing : this.lasting;
    return {
      read: () => {
        const at = this.at(name);
        return at === null ? null : parsed<D>(quietly(() => shelf?.getItem(at) ?? null));
      },
      keep: (draft) => {
        const at = this.at(name);
        if (at !== null) quietly(() => shelf?.setItem(at, JSON.stringify(draft)));
      },
      drop: () => {
        const at = this.at(name);
        if (at !== null) quietly(() => shelf?.removeItem(at));
      },
    };
  }

  /** The names that begin so, in their order. */
  names(prefix: string): string[] {
    const at = this.at('');
    return at === null ? [] : namesOn(this.lasting, at + prefix).map((name) => name.slice(at.length));
  }

  /** Sends something with a key that stays the same until it is answered. */
  async once<T>(what: string, send: (key: string) => Promise<T>): Promise<T> {
    const place = this.place<string>(`key.${what}`);
    const key = place.read() ?? crypto.randomUUID();
    place.keep(key);
    try {
      const answer = await send(key);
      place.drop();
      return answer;
    } catch (error) {
      if (!isUnsure(error)) place.drop();
      throw error;
    }
  }

  /** Nothing of persons stays behind: whoever signs in next has another name. */
  forgetPersons(): void {
    for (const name of namesOn(this.passing, `${ROOT}.`)) quietly(() => this.passing?.removeItem(name));
  }

  private at(name: string): string | null {
    const account = this.account();
    return account === null ? null : `${ROOT}.${account}.${name}`;
  }
}

function namesOn(shelf: Shelf | null, prefix: string): string[] {
  const all = quietly(() => Array.from({ length: shelf?.length ?? 0 }, (_, i) => shelf?.key(i) ?? '')) ?? [];
  return all.filter((name) => name.startsWith(prefix)).sort();
}

function parsed<D>(text: string | null): D | null {
  return text === null ? null : quietly(() => JSON.parse(text) as D);
}

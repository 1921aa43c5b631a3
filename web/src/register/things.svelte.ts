import { isBlank } from '../core/code';
import type { Geometry } from 'geojson';
import type { Place } from '../core/drafts';
import type { Draft } from '../core/draw';
import { rowOf } from '../core/collection';
import { isCollection, type PageRef } from './page';
import type { LonLat } from '../core/feed';
import { planeOf } from '../core/projection';
import { isUnread, type Unread, type Wanted } from '../core/survey';
import { Listing } from './listing.svelte';
import { Ground, type Collection, type Thing } from './thing';
import { shapeOf, thingFacts, thingFaults, thingForm, type ThingForm } from './thingform';
import { Entry, type KeptForm, type Sort } from '../kit/entry.svelte';
import type { Words } from '../kit/words.svelte';
import type { Land } from '../state/land.svelte';
import type { Session } from '../state/session.svelte';
import { Surveys } from '../state/surveys.svelte';

/** The pages that these are among. */
interface Host {
  readonly at: PageRef | null;
  readonly shown: boolean;
  /** What is searched for. */
  readonly words: string;
  place<F>(name: string): Place<KeptForm<F>>;
}

/** The pages of what stands on a park's ground: parcels, plan units, networks. */
export class Things {
  all = $state.raw<readonly Thing[]>([]);
  form = $state.raw<Entry<ThingForm, Thing> | null>(null);
  retiring = $state.raw<Entry<{ reason: string }, Thing> | null>(null);
  /** The points being drawn for the form; null: the map is not drawn on. */
  draft = $state.raw<Draft | null>(null);
  readonly ground: Ground;
  private readonly surveys: Surveys;

  /** What the server lists of a large park, of one collection at a time. */
  readonly list: Listing<Thing>;
  private listed: Collection = 'parcels';
  private park = '';

  constructor(
    private readonly pages: Host,
    private readonly use: { land: Land; session: Session; words: Pick<Words, 'lang'> },
  ) {
    this.ground = new Ground(use.session.wire);
    this.list = new Listing((from, limit) => {
      const { code = '', parcels = 0 } = use.land.park ?? {};
      const { words } = pages;
      if (this.listed === 'parcels') return this.ground.searched(code, words.trim(), parcels);
      return this.ground.some(this.listed, code, { words, from, limit });
    });
    this.surveys = new Surveys(use.session.wire, () => ({
      park: use.land.park?.code ?? '',
      plane: this.plane,
      lang: use.words.lang,
    }));
  }

  readonly plane = $derived.by(() => planeOf(this.use.land.park?.survey_crs ?? null));
  readonly dirty = $derived.by(() => this.form?.dirty || this.retiring?.dirty || false);
  readonly open = $derived.by(() => {
    const { at } = this.pages;
    return at && isCollection(at.of) ? this.all.find(({ id }) => id === at.id) : undefined;
  });
  /** A parcel and a plan unit are areas: what is drawn ends where it began. */
  readonly closes = $derived.by(() => {
    const of = this.pages.at?.of;
    return !(of && isCollection(of) && rowOf(of).lines);
  });

  async load(of: Collection, at: PageRef, overtaken: () => boolean): Promise<void> {
    const park = this.use.land.park?.code;
    if (!park) return;
    this.turnTo(of, park);
    const listed = this.isListed(of);
    if (listed === null) {
      // it is loaded once that is known, which need not wait for the map
      this.use.land.fill();
      return;
    }
    if (listed) await this.loadSome(of, park, at, overtaken);
    else {
      const all = await this.ground.all(of, park);
      if (!overtaken()) this.all = all;
    }
    if (overtaken() || !at.edit) return;
    const thing = this.all.find(({ id }) => id === at.id) ?? null;
    if (!at.id || thing)
      this.form ??= new Entry(
        this.sort(of, park),
        thing,
        this.pages.place(`thing.${park}.${of}.${thing?.id ?? 'new'}`),
      );
  }

  /** What was read of another collection, or of another park, is put away. */
  private turnTo(of: Collection, park: string): void {
    if (this.listed === of && this.park === park) return;
    this.listed = of;
    this.park = park;
    this.all = [];
    this.list.clear();
  }

  /** Whether a large park has too many of them to read: the server lists them; null: it is not known yet. */
  isListed(of: Collection): boolean | null {
    const { land } = this.use;
    if (land.whole) return false;
    if (of === 'parcels') return true;
    return land.content?.tiled ? land.isTiled(of) : null;
  }

  private async loadSome(of: Collection, park: string, at: PageRef, overtaken: () => boolean): Promise<void> {
    if (!at.id) {
      if (!at.edit) await this.list.read();
      return;
    }
    const thing = await this.ground.read({ collection: of, park, id: at.id });
    if (!overtaken()) this.all = thing ? [thing] : [];
  }

  close(): void {
    this.form = this.retiring = this.draft = null;
  }

  retire(thing: Thing): void {
    this.retiring = new Entry<{ reason: string }, Thing>(
      {
        form: () => ({ reason: '' }),
        faults: ({ reason }) => (!isBlank(reason) ? {} : { reason: 'web.register.fault.given' }),
        send: async ({ reason }, _, __, key) => {
          await this.ground.retire(thing, reason.trim(), key);
          return thing;
        },
      },
      null,
      this.pages.place(`retire.${thing.park}.${thing.id}`),
    );
  }

  /** Why the form's points can't be read. */
  readonly unread = $derived.by((): Unread | null => {
    const read = this.form ? this.surveys.read(this.form.typed.geometry ?? '', this.wanted) : null;
    return read && isUnread(read) ? read : null;
  });

  /** What the form's points make on the map, while they are not being drawn. */
  readonly ghosts = $derived.by(() => {
    const geometry =
      this.form && this.pages.shown && !this.draft ? shapeOf(this.points(), this.closes) : null;
    return geometry?.type === 'Polygon' ? [{ geometry, label: this.form?.typed.code ?? '' }] : [];
  });

  /** Begins drawing on the map, from the points that the form has, or ends it. */
  draw(): void {
    if (this.draft === null) this.draft = { points: this.points()[0] ?? [], finished: false };
    else this.draft = null;
  }

  /** What is typed while drawing is drawn. */
  typed(): void {
    if (this.draft) this.draft = { points: this.points()[0] ?? [], finished: this.draft.finished };
  }

  /** What was drawn stands in the form as points. A stray click after the end begins nothing anew. */
  drawn(draft: Draft): void {
    const before = this.draft;
    if (before?.finished && !draft.finished && !before.points.includes(draft.points[0] as LonLat)) {
      this.draft = { ...before };
      return;
    }
    this.draft = draft;
    if (this.form) this.form.typed.geometry = this.surveys.write([[...draft.points]], this.wanted);
  }

  /** The points of a form's text; none where it isn't or can't be read. */
  private points(form = this.form?.typed): LonLat[][] {
    const read = this.surveys.read(form?.geometry ?? '', this.wanted);
    return read && !isUnread(read) ? read.rings : [];
  }

  private get wanted(): Wanted {
    return this.closes ? 'area' : 'line';
  }

  private sort(collection: Collection, park: string): Sort<ThingForm, Thing> {
    const { ground } = this;
    return {
      form: (thing) => thingForm(collection, thing),
      ready: async ({ geometry = '' }) => void (await this.surveys.ask(geometry, this.wanted)),
      faults: (form, thing) => thingFaults(collection, form, thing, shapeOf(this.points(form), this.closes)),
      send: async (form, changed, thing, key) => {
        const facts = thingFacts(collection, form, changed, thing);
        const geometry = shapeOf(this.points(form), this.closes);
        const reason = form.reason?.trim() ?? '';
        const change = {
          ...(Object.keys(facts).length > 0 && { facts }),
          ...(geometry && { geometry }),
        };
        const id = thing
          ? await ground.edit(thing, change, reason, key)
          : await ground.create(collection, park, { facts, geometry: geometry as Geometry }, reason, key);
        if (this.isListed(collection)) {
          const saved = await ground.read({ collection, park, id });
          this.all = saved ? [saved] : [];
        } else this.all = await ground.all(collection, park);
        return this.all.find((each) => each.id === id) as Thing;
      },
      read: (thing) => ground.read(thing),
    };
  }
}

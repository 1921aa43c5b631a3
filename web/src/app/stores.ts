import { Accounts, provideAccounts } from '../account/accounts.svelte';
import { Others, provideOthers } from '../activity/others.svelte';
import { Backgrounds, provideBackgrounds } from '../background/backgrounds.svelte';
import { Opened, provideOpened } from '../building/opened.svelte';
import { Boards, provideBoards } from '../board/boards.svelte';
import { Chain, provideChain } from '../chain/chain.svelte';
import { Client } from '../core/client';
import { Enquiry, provideEnquiry } from '../enquiry/enquiry.svelte';
import { Intake, provideIntake } from '../intake/found.svelte';
import { provideRecords, Records } from '../history/records.svelte';
import { Figures, provideFigures } from '../figures/figures.svelte';
import { Measure, provideMeasure } from '../measure/measure.svelte';
import { Notice, provideNotice } from '../kit/notice.svelte';
import { provideWords, Words } from '../kit/words.svelte';
import { Orders, provideOrders } from '../order/orders.svelte';
import { FactsReader, provideFacts } from '../parcel/facts.svelte';
import { provideQueues, Queues } from '../queue/queue.svelte';
import { Pages, providePages } from '../register/pages.svelte';
import { provideSiting, Siting } from '../siting/siting.svelte';
import { Compared, provideCompared } from '../state/compared.svelte';
import { provideShortlist, Shortlist } from '../shortlist/shortlist.svelte';
import { Connection, provideConnection } from '../state/connection.svelte';
import { Land, provideLand } from '../state/land.svelte';
import { Link, provideLink } from '../state/link.svelte';
import { Browse, provideBrowse } from '../state/browse.svelte';
import { Look, provideLook } from '../state/look.svelte';
import { Panels, providePanels } from '../state/panel.svelte';
import { provideScreen, Screen } from '../state/screen.svelte';
import { provideSelection, Selection } from '../state/selection.svelte';
import { provideSession, Session } from '../state/session.svelte';
import { provideSight, Sight } from '../state/sight.svelte';
import { provideWalk, Walk } from '../state/walk.svelte';
import { provideSupplies, Supplies } from '../supply/supply.svelte';
import { provideSide, Side } from './side.svelte';

export type Stores = ReturnType<typeof createStores>;

/** Builds every store of the page and ties them together. Nothing else knows them all. */
export function createStores(client: Client = new Client()) {
  const words = new Words();
  const notice = new Notice();
  const screen = new Screen();
  const link = new Link();
  const measure = new Measure();
  const panels = new Panels(link);
  const compared = new Compared(link);
  const connection = new Connection(() => notice.tell(words.t('web.state.back')));
  const session = new Session(words);
  const land = new Land(client, connection, session);
  const sight = new Sight(land, link);
  const look = new Look(link, screen, words);
  const browse = new Browse({ land, link, look, sight, words }, client);
  const selection = new Selection(land, link, sight, notice, words);
  const walk = new Walk({ browse, land, link, look, notice, panels, selection, sight, words });

  const reader = new FactsReader(client, connection, land);
  const others = new Others({ connection, land, notice, selection, session, words }, client);
  const supplies = new Supplies({ land, panels, selection, session, sight });
  const queues = new Queues({ land, notice, selection, session, words });
  const orders = new Orders({ land, panels, selection, session, sight, supplies, words });
  const records = new Records({ land, orders, panels, selection, session, words });
  const accounts = new Accounts({ land, panels, selection, session });
  const siting = new Siting({ land, link, orders, panels, selection, session, sight, words });
  const chain = new Chain({ land, link, panels, session, siting, words });
  const pages = new Pages({
    land,
    link,
    look,
    notice,
    panels,
    screen,
    selection,
    session,
    sight,
    walk,
    words,
  });
  const boards = new Boards({ link, panels });
  const figures = new Figures({ link, panels, session, words });
  const shortlist = new Shortlist({ land, link });
  const enquiry = new Enquiry({ link, panels, shortlist });
  const intake = new Intake({ land, panels });
  const opened = new Opened({ land, link, panels, walk });
  const backgrounds = new Backgrounds({ land, link });
  const side = new Side({ pages, panels, selection });

  land.onLeave(() => compared.clear());
  selection.facts = reader;
  land.follower = others;
  land.onAnew = () => selection.renew();
  land.onBroken = () => notice.tell(words.t('web.state.broken'));
  orders.onDone = (panel) => {
    if (panel === 'match') void siting.ask();
  };

  return {
    accounts,
    backgrounds,
    boards,
    browse,
    chain,
    compared,
    connection,
    enquiry,
    figures,
    intake,
    land,
    link,
    look,
    measure,
    notice,
    opened,
    orders,
    others,
    pages,
    panels,
    queues,
    reader,
    records,
    screen,
    selection,
    session,
    shortlist,
    side,
    sight,
    siting,
    supplies,
    walk,
    words,
  };
}

/** Hands each store to the components that ask for it. Call while the root component starts. */
export function provideStores(stores: Stores): void {
  provideAccounts(stores.accounts);
  provideBackgrounds(stores.backgrounds);
  provideBoards(stores.boards);
  provideBrowse(stores.browse);
  provideChain(stores.chain);
  provideCompared(stores.compared);
  provideConnection(stores.connection);
  provideEnquiry(stores.enquiry);
  provideFacts(stores.reader);
  provideFigures(stores.figures);
  provideIntake(stores.intake);
  provideLand(stores.land);
  provideLink(stores.link);
  provideLook(stores.look);
  provideMeasure(stores.measure);
  provideNotice(stores.notice);
  provideOpened(stores.opened);
  provideOrders(stores.orders);
  provideOthers(stores.others);
  providePages(stores.pages);
  providePanels(stores.panels);
  provideQueues(stores.queues);
  provideRecords(stores.records);
  provideScreen(stores.screen);
  provideSelection(stores.selection);
  provideSession(stores.session);
  provideShortlist(stores.shortlist);
  provideSide(stores.side);
  provideSight(stores.sight);
  provideSiting(stores.siting);
  provideSupplies(stores.supplies);
  provideWalk(stores.walk);
  provideWords(stores.words);
}

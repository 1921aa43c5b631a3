// Written by `npm run api` from api/testdata/openapi.json: change the API, not this file.
import type { LineString, Polygon } from 'geojson';
import type { Status } from './status';

/** Longitude and latitude on CGCS2000, in degrees. */
export type LonLat = [lon: number, lat: number];
export type BBox = [west: number, south: number, east: number, north: number];

export interface Acceptance {
  /** What follows #invite= in the link. */
  invite: string;
  /** For the first account. */
  login?: string;
  /** For the first account. */
  name?: string;
  /** 15 characters or more. */
  password: string;
}

export interface Account {
  created_at: string;
  disabled: boolean;
  /** Login and name were removed on the person's wish. */
  erased: boolean;
  id: string;
  login: string;
  name: string;
  /** A password is set: the one-time link was used. */
  ready: boolean;
  roles: Grant[];
}

export interface AccountList {
  accounts: Account[];
}

export interface AccountPatch {
  /** True ends every session at once. */
  disabled?: boolean;
  grant?: Grant[];
  name?: string;
  withdraw?: Grant[];
}

export interface AddingWebhookBody {
  /** Begin after this event; without it with the next one. */
  after?: number;
  url: string;
}

export interface Allotment {
  commitments: unknown;
  /** Days to the deadline of a hold, to 0.01; negative once it has passed and before the server ends it. */
  days_left: number | null;
  /** The kind of record that ended it: take_back, expire or revert. */
  ended: string | null;
  expires_at: string | null;
  /** The hold was extended: it can't be again. */
  extended: boolean;
  id: string;
  /** What it covers, or covered when it ended. */
  parcels: Touched[];
  project: NamedProject;
  /** When the right began. */
  since: string;
  /** hold, reserved, supplied, built, or ended */
  state: string;
  supply_mode: string | null;
  term_years: number | null;
  version: number;
}

export interface AllotmentDetail {
  commitments: unknown;
  /** Days to the deadline of a hold, to 0.01; negative once it has passed and before the server ends it. */
  days_left: number | null;
  /** What it draws now. */
  draws: DrawVersion[];
  /** The kind of record that ended it: take_back, expire or revert. */
  ended: string | null;
  expires_at: string | null;
  /** The hold was extended: it can't be again. */
  extended: boolean;
  id: string;
  /** What it covers, or covered when it ended. */
  parcels: Touched[];
  project: NamedProject;
  /** When the right began. */
  since: string;
  /** hold, reserved, supplied, built, or ended */
  state: string;
  supply_mode: string | null;
  term_years: number | null;
  version: number;
  versions: RightVersion[];
}

export interface AllotmentList {
  allotments: Allotment[];
}

export interface AllotmentState {
  expires_at: string | null;
  id: string;
  project: string;
  /** hold, reserved, supplied, built, or ended */
  state: string;
  supply_mode: string | null;
  term_years: number | null;
  version: number;
}

export interface AssembliesWish {
  /** How many sets at most; 5 without it. */
  most?: number;
  /** Take reserve land in too, which a release must free first. */
  reserve?: boolean;
}

export interface AssemblingBody {
  max_mu: number;
  min_mu: number;
  /** How many sets to offer at most; 5 without it. */
  most?: number;
  park: string;
  /** Take reserve land in too, which a release must free first. */
  reserve?: boolean;
}

export interface Assembly {
  /** Legal area. */
  area_m2: number;
  area_mu: number;
  codes: string[];
  parcels: string[];
}

export interface AssemblyAnswer {
  at: string | null;
  park: string;
  /** No better sets exist. */
  proven: boolean;
  seq: number;
  /** The fewest parcels first, then the nearest to the least area. */
  sets: Assembly[];
}

export interface AssemblySearch {
  /** Sets that are ranked: the fewest parcels first, then the nearest to min_mu. */
  found: number;
  max_mu: number;
  min_mu: number;
  /** Free parcels that are too small alone and whose land use and status will do. */
  parcels: number;
  /** No better sets exist among the parcels searched. */
  proven: boolean;
  /** Of those, how many were searched: the most promising, where there are too many. */
  searched: number;
  /** Sets left out because their outlines don't join into one. */
  unjoined: number;
}

export interface Balance {
  at: string | null;
  boundary_m2: number;
  /** The instant that was asked for; null for now. */
  datetime: string | null;
  park: string;
  rows: BalanceRow[];
  scope: 'public';
  /** The park's clock when this was answered. */
  seq: number;
  total: Holding;
  /** Roads, water and whatever of the boundary no public parcel covers. */
  unparcelled_m2: number;
}

export interface BalanceRow {
  built_legal_m2?: number;
  built_parcels?: number;
  computed_m2: number;
  legal_m2: number;
  legal_mu: number;
  parcels: number;
  status: Exclude<Status, 'built'>;
}

export interface Bilingual {
  en: string;
  zh: string;
}

export interface ByState {
  built: number;
  hold: number;
  reserved: number;
  supplied: number;
}

export interface ChainAnswer {
  /** When the edition was put in force. */
  at: string;
  code: string;
  edition: string;
  /** Missing pieces, the one most worth to win first. */
  gaps: ChainGap[];
  links: ChainLink[];
  name: Bilingual;
  nodes: ChainNode[];
  /** Number of the edition, from 1. */
  revision: number;
  scope: 'public' | 'planner';
  seq: number;
  source: string;
}

export interface ChainGap {
  /** 1: nobody; 0.5: only the pipeline. */
  missing: number;
  node: string;
  reasons: ChainReason[];
  score: number;
}

export interface ChainLink {
  from: string;
  source: string;
  to: string;
  weight: number;
}

export interface ChainNode {
  code: string;
  name: Bilingual;
  /** Projects in talks or signed without land yet; members alone see them. */
  pipeline: number;
  stage: number;
  tenants: ChainTenant[];
}

export interface ChainReason {
  adds: number;
  node: string;
  text: Bilingual;
  weight: number;
  why: 'depends' | 'feeds' | 'unlocks';
}

export interface ChainTenant {
  code: string;
  name: Bilingual;
  parcel: string;
  point: LonLat;
}

export interface Change {
  /** Rights have none. */
  code: string | null;
  /** The feed's collection. */
  collection: 'allotments' | 'networks' | 'parcels' | 'plan-units' | 'zones';
  id: string;
  op: 'created' | 'changed' | 'retired';
}

export interface ChangingWebhookBody {
  state?: 'active' | 'paused';
  url?: string;
}

export interface Command {
  allotment?: Ref;
  /**
   * edit, retire or revert of a node that leaves it with less than it has promised: whose supply is at risk
   */
  at_risk?: Risk[];
  /**
   * What the right draws of services: of a hold, or of a draw. Without it what the project needs, each
   * service from the nearest node that has it; an empty list draws nothing.
   */
  draws?: Draw[];
  kind:
    | 'hold'
    | 'extend'
    | 'reserve'
    | 'supply'
    | 'build'
    | 'take_back'
    | 'release'
    | 'withdraw'
    | 'restore'
    | 'publish'
    | 'unpublish'
    | 'split'
    | 'merge'
    | 'move'
    | 'correct'
    | 'border'
    | 'create'
    | 'edit'
    | 'retire'
    | 'revert'
    | 'draw'
    | 'queue'
    | 'leave';
  /** create, edit, retire: what is made, changed or ended */
  object?: Subject;
  parcels?: Ref[];
  project?: string;
  /** seq of the record to reverse */
  reverts?: number;
  shape?: Shape;
  /** How many days the hold shall last that a place in a line is served with */
  term_days?: number;
  terms?: Terms;
  /** split: what is done with one of its parts in the same transaction */
  then?: Then;
  /** deadline of a hold */
  until?: string;
  /** The place in a line to leave */
  waiting?: string;
}

export interface Contact {
  email: string | null;
  erased_at: string | null;
  id: string;
  name: string | null;
  party: string;
  phone: string | null;
  /** What If-Match compares. */
  revision: number;
}

export interface ContactFacts {
  email?: string;
  name?: string;
  phone?: string;
}

export interface ContactList {
  contacts: Contact[];
}

export interface ContactRef {
  erased_at: string | null;
  id: string;
  party: string;
  /** What If-Match compares. */
  revision: number;
}

export interface Criterion {
  high?: number;
  low?: number;
  max?: number;
  measure: string;
  min?: number;
  target?: number;
  want?: 'benefit' | 'cost' | 'target' | 'range';
  weight?: number;
}

export interface DeadLetter {
  /** When it was given up. */
  at: string;
  delivered_at: string | null;
  /** Of the last try. */
  error: string;
  /** Someone asked to send it again, and that was not tried yet. */
  resend_at: string | null;
  seq: number;
  tries: number;
}

export interface DeadLetterList {
  dead_letters: DeadLetter[];
}

export interface Decided {
  /** What the approval did. */
  outcome?: Outcome;
  proposal: Proposal;
}

export interface DecidingBody {
  approve: boolean;
  reason?: string;
}

export type DeskAnswerStructBody = object;

export interface Difference {
  field: string;
  /** by parcel code */
  values: { [name: string]: unknown };
}

export interface DistrictEventPage {
  events: Event[];
  more: boolean;
  /** The cursor to go on with: a state's number. */
  next: string;
}

export interface Document {
  date?: string;
  number?: string;
  title: string;
  /** http or https */
  url?: string;
}

export interface Draw {
  /** In the unit of the service, above 0. */
  amount: number;
  /** The id of a network of grade node. */
  node: string;
  service: 'power' | 'steam' | 'water' | 'sewage' | 'gas' | 'nitrogen';
}

export interface DrawState {
  /** In the unit of the service, above 0. */
  amount: number;
  capacity: number;
  /** The node's code. */
  code: string;
  /** What the node has left with this draw; negative where more is promised than it has. */
  headroom: number;
  /** The id of a network of grade node. */
  node: string;
  service: 'power' | 'steam' | 'water' | 'sewage' | 'gas' | 'nitrogen';
  unit: string;
}

export interface DrawVersion {
  allotment: string;
  /** In the unit of the service, above 0. */
  amount: number;
  /** The node's code. */
  code: string;
  /** The id of a network of grade node. */
  node: string;
  service: 'power' | 'steam' | 'water' | 'sewage' | 'gas' | 'nitrogen';
  unit: string;
}

export interface Event {
  approved_by?: Person;
  at: string;
  /**
   * How many changed; 10001 means more than 10000. Where it exceeds the changes shown, read the park anew.
   */
  change_count: number;
  /** The first hundred things that changed, by collection and code. */
  changes: Change[];
  /** The record's kind; absent for the public, as are record, who, approved_by and reason. */
  kind?: string;
  /** The park's code. */
  park: string;
  reason?: string;
  record?: string;
  /** The park's clock: the number of the change. */
  seq: number;
  /** Absent for what the server or a program did on its own. */
  who?: Person;
}

export interface Followed {
  outcome?: Outcome;
  proposal?: Proposal;
}

export interface FormerNote {
  evidence: string;
  noted_at: string;
  paid_cny: number;
}

export interface Grant {
  /** The park's code; null: every park. */
  park: string | null;
  park_id?: string;
  role: 'viewer' | 'planner' | 'approver' | 'admin';
}

export interface Ground {
  /** How far from the border its farthest point lies. */
  m?: number;
  /** How much of it. */
  m2: number;
  /** The code of its parcel, where the public may see that. */
  parcel?: string;
  /** The code of the park that holds it. */
  park?: string;
  park_en?: string;
  park_zh?: string;
}

export interface Hall {
  length_m: number;
  width_m: number;
}

export interface HeatAnswer {
  /** The measure whose scores are shown; score: the whole requirement's. */
  by: string;
  /** Cells of the honeycomb, most of them without ground. */
  cells: number;
  criteria: MatchCriterion[];
  /** The district's code. */
  district: string;
  edge_m: number;
  features: HeatFeature[];
  /** The least score of a cell; null where no ground is ranked. */
  least: number | null;
  /** More are refused: ask for a longer edge. */
  max_cells: number;
  /** The greatest score of a cell. */
  most: number | null;
  /** Of by. */
  name: Bilingual;
  /** The parks that were looked at together: scores are normalised over the ground of all. */
  parks: HeatPark[];
  type: 'FeatureCollection';
}

export interface HeatAsk {
  /** Rank free neighbours put together too. Only a match looks for them. */
  assemblies?: AssembliesWish;
  /** Rank the ground as it was at an instant. */
  at?: string;
  /** One measure of the requirement; the whole score without it. */
  by?: string;
  /**
   * Instead of a requirement: where would this piece of the chain best stand, by nearness to its suppliers
   * and customers alone.
   */
  chain_node?: string;
  /**
   * The code of the district whose parks are looked at together, instead of park; may be left out where there
   * is only one.
   */
  district?: string;
  /** How many weightings to draw for the robustness; none without it. */
  draws?: number;
  /** Length of a cell's side in metres; 60 without it. */
  edge_m?: number;
  /** How many of the places left out to list with what they lack; 200 without it. */
  excluded?: number;
  /** Rank lots too, cut out of larger free parcels. Only a match looks for them. */
  lots?: LotsWish;
  method?: 'weighted_sum' | 'topsis' | 'pareto';
  /** For how many of the losing places to say what would make them win. */
  moves?: number;
  /** vector is for topsis alone. */
  normalise?: 'min_max' | 'vector';
  /** Judgements by AHP of the criteria that have a want, in their order: they replace the weights. */
  pairwise?: number[][];
  /** The park's code; all parks of the district without it. */
  park?: string;
  requirement?: Requirement;
  /** Of the draws: the same seed draws the same weightings. */
  seed?: number;
  /** How many places; 20 without it. */
  top?: number;
}

export interface HeatCell {
  /** Code of the best place in the cell. */
  best: string;
  best_id: string;
  /** Share of the cell that is ground on offer. */
  coverage: number;
  /** Code of the best place's park. */
  park: string;
  /** Mean score of the ground in the cell, by area, 0 to 1. */
  score: number;
  /** Of the best place, and so of all in the cell, the park is to be asked whether it keeps a limit. */
  to_ask?: boolean;
  /** The best place's score. */
  top: number;
}

export interface HeatFeature {
  geometry: Polygon;
  id: number;
  properties: HeatCell;
  type: 'Feature';
}

export interface HeatPark {
  at: string | null;
  name: Bilingual;
  park: string;
  /** Free places that were looked at. */
  places: number;
  /** Those that no known value leaves out. */
  ranked: number;
  /** public: by what is public alone. */
  scope: 'public' | 'planner';
  /** The park's clock when this was answered: every change up to it is in the answer. */
  seq: number;
  /** Of those, places of which the park is to be asked whether they keep a limit. */
  to_ask: number;
}

export interface Hit {
  bbox: BBox;
  code: string;
  id: string;
  legal_mu: number;
  park: string;
  point: LonLat;
  project_en: string | null;
  project_zh: string | null;
  status: Status;
  tenant_en: string | null;
  tenant_zh: string | null;
}

export interface HitList {
  hits: Hit[];
}

export interface Holding {
  computed_m2: number;
  legal_m2: number;
  legal_mu: number;
  parcels: number;
}

export interface IndustryCode {
  code: string;
  edition: string;
}

export interface Investment {
  /** It takes the place of what was noted of that day, which is kept. */
  corrects?: boolean;
  evidence: string;
  paid_cny: number;
  until: string;
}

export interface InvestmentList {
  investments: InvestmentNote[];
}

export interface InvestmentNote {
  /** It takes the place of what was noted of that day, which is kept. */
  corrects?: boolean;
  evidence: string;
  /** Notes that were corrected since, the newest first. */
  former: FormerNote[];
  noted_at: string;
  paid_cny: number;
  until: string;
}

export interface Invited {
  expires_at: string;
  /** It makes the first account: choose login and name. */
  first: boolean;
  login?: string;
  name?: string;
}

export interface Kin {
  at: string;
  child: Relative;
  kind: string;
  parent: Relative;
  seq: number;
}

export interface Link {
  /** What follows #invite= in the link. */
  invite: string;
}

export interface LotAnswer {
  /** Computed, in the survey plane. */
  area_m2: number;
  area_mu: number;
  compactness: number;
  /** Null where the cut is not one line. */
  cut: unknown;
  depth_m: number;
  frontage_m: number;
  geometry: unknown;
  /** Null where the whole parcel is taken. */
  rest: unknown;
  rest_m2: number;
  /** Code of the road it fronts. */
  road: string;
  score: number;
  width_m: number;
}

export interface LotSearch {
  /** Of each lot. */
  area_mu: number;
  /** Of those, in how many lots were sought: the most promising first. */
  carved: number;
  /** What limit ended the search before all parents were carved; absent where none did. */
  cut_short?: 'parents' | 'time';
  /** Lots that are ranked. */
  found: number;
  /** Free parcels that are larger and whose land use and status will do. */
  parents: number;
}

export interface LotsAnswer {
  at: string | null;
  /** Best first. */
  lots: LotAnswer[];
  parcel: string;
  parcel_id: string;
  park: string;
  seq: number;
  status: string;
  version: number;
}

export interface LotsAsk {
  /** How many to offer at most; 5 without it. */
  alternatives?: number;
  /** Of the lot, met to 0.5 m². */
  area_mu: number;
  /** Greatest depth for each metre of width; 0: any. */
  depth_max?: number;
  /** Least depth for each metre of width; 0: any. */
  depth_min?: number;
  /** Unbroken, on one road. */
  frontage_m: number;
  /** Code of a free parcel. */
  parcel: string;
  park: string;
  /** What is left fronts so much of one road; 0: any. */
  rest_frontage_m?: number;
  /** Below which nothing may be left. */
  rest_mu?: number;
}

export interface LotsWish {
  /** How many lots of one parcel at most; 2 without it. */
  alternatives?: number;
  /** Greatest depth for each metre of width; 0: any. */
  depth_max?: number;
  /** Least depth for each metre of width; 0: any. */
  depth_min?: number;
  /** Unbroken, on one road. */
  frontage_m: number;
  /** What is left fronts so much of one road; 0: any. */
  rest_frontage_m?: number;
  /** Below which nothing may be left. */
  rest_mu?: number;
}

export interface MadeAccount {
  account: Account;
  invitation: OneTime;
}

export interface MadeToken {
  /** Shown once: send it as Authorization: Bearer. */
  secret: string;
  token: Token;
}

export interface MakingPartyBody {
  /** A district's code; may be left out where one works in just one. */
  district?: string;
  name_en?: string;
  name_zh?: string;
  /** It agreed to be named to the public. */
  named?: boolean;
  /**
   * Code of the park that enters it, whose business it is; may be left out where one plans in just one.
   * Without it who plans in every park enters it for the district alone.
   */
  park?: string;
  source?: string;
}

export interface MakingProjectBody {
  chain_stage?: string;
  code: string;
  /** A district's code; may be left out where one works in just one. */
  district?: string;
  figures?: { [name: string]: unknown };
  industry_codes?: IndustryCode[];
  investment_cny?: number;
  name_en?: string;
  name_zh?: string;
  named?: boolean;
  /**
   * Code of the park that enters it, whose business it is; may be left out where one plans in just one.
   * Without it who plans in every park enters it for the district alone.
   */
  park?: string;
  /** Whose project it is. */
  party?: string;
  /**
   * What land it needs; services, where given, are amounts by service, such as {"power": 2000, "steam": 10}:
   * power in kVA, steam in t/h, water and sewage in m³/d, gas and nitrogen in m³/h.
   */
  requirement?: { [name: string]: unknown };
  /** Codes of parks of the district in which it seeks land: their members see it too. */
  seeks?: string[];
  source?: string;
  /** An office or team, no person's data. */
  task_force?: string;
}

export interface MatchAnswer {
  at: string | null;
  criteria: MatchCriterion[];
  excluded: MatchExcluded;
  /** Of those, places that surely keep every limit. They are ranked first. */
  fits: number;
  judgement?: MatchJudgement;
  method: string;
  /** Places that one limit alone leaves out and that would be the best without it. */
  misses: MatchMiss[];
  /** It can change the winner: always says which one ranked. */
  normalise: string;
  park: string;
  /** Free parcels that were looked at, with the lots and assemblies that were asked for. */
  places: number;
  /** Those that no known value leaves out: fits and to_ask together. */
  ranked: number;
  robustness?: MatchRobustness;
  /** public: by what is public alone. */
  scope: 'public' | 'planner';
  /** How far lots and assemblies were sought. */
  search?: MatchSearch;
  /** The park's clock when this was answered: every change up to it is in the answer. */
  seq: number;
  sites: MatchSite[];
  /**
   * Of those, places of which a limited value is not known, or published as a word or a band alone: ask the
   * park.
   */
  to_ask: number;
}

export interface MatchAsk {
  max?: number;
  measure: string;
  min?: number;
  text: Bilingual;
  /** What the public is told instead. */
  told?: MatchTold;
  unit: string;
}

export interface MatchCause {
  /** Of those, places that lack nothing else. */
  alone: number;
  count: number;
  limit: 'min' | 'max';
  measure: string;
  text: Bilingual;
}

export interface MatchCriterion {
  high?: number;
  low?: number;
  max?: number;
  measure: string;
  min?: number;
  name: Bilingual;
  rule?: Rule;
  target?: number;
  unit: string;
  want?: string;
  weight?: number;
}

export interface MatchExcluded {
  causes: MatchCause[];
  count: number;
  /** As many as were asked for, those that lack the fewest things first. */
  places: MatchLacker[];
}

export interface MatchJudgement {
  /** Above 0.10 the judgements contradict each other: revise them. */
  consistency_ratio: number;
  consistent: boolean;
  /** Which table of random indices. */
  random_index: string;
}

export interface MatchLack {
  /** The shortfall, in the measure's unit. */
  by: number | null;
  limit: string;
  measure: string;
  rule?: Rule;
  text: Bilingual;
  /** Of what a node has left, what the public is told and since when. */
  told?: MatchTold;
  value: number | null;
}

export interface MatchLacker {
  code: string;
  id: string;
  key: string;
  kind: 'parcel' | 'lot' | 'assembly';
  lacks: MatchLack[];
}

export interface MatchMiss {
  code: string;
  id: string;
  key: string;
  kind: 'parcel' | 'lot' | 'assembly';
  move: MatchMove;
  score: number;
}

export interface MatchMove {
  from: number;
  kind: 'weight' | 'value' | 'limit';
  measure: string;
  size: number;
  text: Bilingual;
  to: number;
}

export interface MatchParcel {
  code: string;
  id: string;
  version: number;
}

export interface MatchPart {
  measure: string;
  /** The tenant or node that gave the value. */
  partner?: Partner;
  score: number;
  text: Bilingual;
  /** Of what a node has left, what the public is told and since when. */
  told?: MatchTold;
  unit: string;
  /**
   * Null: nobody knows, or the public is told a word or a band alone. Its score is the mean of what is known
   * of the others, or the middle of the band.
   */
  value: number | null;
  weight: number;
}

export interface MatchRobustness {
  draws: number;
  finalists: number;
  seed: number;
  shares: MatchShare[];
}

export interface MatchSearch {
  assemblies?: AssemblySearch;
  lots?: LotSearch;
}

export interface MatchShare {
  code: string;
  id: string;
  key: string;
  share: number;
}

export interface MatchSite {
  area_mu: number;
  /** Of a lot its parcel's with a number; of an assembly its parcels' with + between. */
  code: string;
  /**
   * Of a lot the line for a record of kind split, with the lot on its left; absent where the cut is not one
   * line.
   */
  cut?: LineString;
  /** The longest unbroken frontage on one road, where frontage, lots or assemblies were asked for. */
  frontage_m?: number;
  /** GeoJSON in EPSG:4490, of lots and assemblies. */
  geometry?: Polygon;
  id: string;
  /** Unique within the answer: a parcel's id, else kind and code. */
  key: string;
  /** A parcel as it is, a lot that could be cut out of one, or free neighbours together. */
  kind: 'parcel' | 'lot' | 'assembly';
  /** What would make it the best, the smallest change first. */
  moves?: MatchMove[];
  /** What it is, is cut out of, or is made of: with the versions that a record names. */
  parcels: MatchParcel[];
  parts: MatchPart[];
  /** Longitude and latitude inside. */
  point: LonLat;
  /** Equal places share one: 1, 1, 3. */
  rank: number;
  /** Code of that road. */
  road?: string;
  score: number;
  /** In what share of the drawn weightings it wins. */
  share?: number;
  /** available, or reserve: a release must free it first. */
  status: string;
  /**
   * What is to be asked of the park, as nobody can say from what is known that the limit is kept; absent
   * where it surely fits.
   */
  to_ask?: MatchAsk[];
  version: number;
}

export interface MatchTold {
  /** Since when it is said. */
  as_of: string;
  form: 'figure' | 'band' | 'word' | 'none';
  /** Of a band. */
  max?: number;
  /** Of a band. */
  min?: number;
  word?: 'ample' | 'some' | 'little';
}

export interface Me {
  by: 'session' | 'token';
  /** When the session ends if nothing is asked before, or the token expires. */
  ends_at: string;
  id: string;
  login: string;
  name: string;
  roles: Grant[];
  /** Of the token. */
  scope?: 'read' | 'write';
  /** May write without If-Match. */
  unlocked: boolean;
}

export interface Milestone {
  evidence: string;
  reached_on: string;
  stage: 'in_talks' | 'signed' | 'landed' | 'started' | 'in_production';
}

export interface Named {
  code: string;
  collection: string;
  id: string;
}

export interface NamedParty {
  id: string;
  name_en: string;
  name_zh: string;
}

export interface NamedProject {
  code: string;
  id: string;
  name_en: string;
  name_zh: string;
}

export interface Neighbour {
  code: string;
  id: string;
  /** Length of the shared boundary in the survey CRS, in metres. */
  shared_m: number;
  status: Status;
  tenant_en: string | null;
  tenant_zh: string | null;
}

export interface NewAccount {
  login: string;
  name: string;
  roles: Grant[];
}

export interface NewPassword {
  /** The password as it is. */
  current: string;
  /** The password to be: 15 characters or more. */
  password: string;
}

export interface NewToken {
  /** Valid for so many days. */
  days: number;
  name: string;
  scope: 'read' | 'write';
  /** May write without If-Match in the parks of which one is admin. */
  unlocked?: boolean;
}

export interface NodeDraw {
  allotment: string;
  /** The right's version now. */
  allotment_version: number;
  amount: number;
  /**
   * How much of it the newest record that risked it put at risk, while the node promises more than it has.
   */
  at_risk: number | null;
  expires_at: string | null;
  /** What the right covers, by code. */
  parcels: Touched[];
  project: NamedProject;
  /** The record from which this amount is drawn. */
  seq: number;
  service: Draw['service'];
  since: string;
  state: keyof ByState;
}

export interface NodeLedger {
  at: string | null;
  /** The instant that was asked for; null for now. */
  datetime: string | null;
  /** Members only; the largest first. */
  draws?: NodeDraw[];
  form: 'members' | 'public';
  park: string;
  /** The park's clock when this was answered. */
  seq: number;
  /** Those of which the park has a node or promises. */
  services: ServiceTotal[];
}

export interface ObjectDetail {
  code: string;
  collection: string;
  facts: unknown;
  geometry: unknown;
  id: string;
  /** It has not been retired. */
  live: boolean;
  /** Newest first, at most 500. */
  records: Record[];
  version: number;
}

export interface ObjectState {
  code: string;
  collection: string;
  facts: unknown;
  geometry: unknown;
  id: string;
  /** It has not been retired. */
  live: boolean;
  version: number;
}

export interface ObjectVersion {
  code: string;
  collection: string;
  facts: unknown;
  geometry: unknown;
  id: string;
}

export interface OneTime {
  expires_at: string;
  /** Append it to the server's address: #invite=… */
  link: string;
}

export interface Ordered {
  allotment?: Ref;
  /**
   * edit, retire or revert of a node that leaves it with less than it has promised: whose supply is at risk
   */
  at_risk?: Risk[];
  documents?: Document[];
  /**
   * What the right draws of services: of a hold, or of a draw. Without it what the project needs, each
   * service from the nearest node that has it; an empty list draws nothing.
   */
  draws?: Draw[];
  kind:
    | 'hold'
    | 'extend'
    | 'reserve'
    | 'supply'
    | 'build'
    | 'take_back'
    | 'release'
    | 'withdraw'
    | 'restore'
    | 'publish'
    | 'unpublish'
    | 'split'
    | 'merge'
    | 'move'
    | 'correct'
    | 'border'
    | 'create'
    | 'edit'
    | 'retire'
    | 'revert'
    | 'draw'
    | 'queue'
    | 'leave';
  /** create, edit, retire: what is made, changed or ended */
  object?: Subject;
  parcels?: Ref[];
  project?: string;
  reason: string;
  /** seq of the record to reverse */
  reverts?: number;
  shape?: Shape;
  /** How many days the hold shall last that a place in a line is served with */
  term_days?: number;
  terms?: Terms;
  /** split: what is done with one of its parts in the same transaction */
  then?: Then;
  /** deadline of a hold */
  until?: string;
  /** The place in a line to leave */
  waiting?: string;
}

export interface Outcome {
  allotment?: AllotmentState;
  at: string;
  /** The park's border, a MultiPolygon as GeoJSON in EPSG:4490, where the change drew it. */
  border?: unknown;
  /** What the right draws, where the change has to do with it. */
  draws?: DrawState[];
  /** Zones, plan units and networks it touched. */
  objects: ObjectState[];
  parcels: ParcelState[];
  preview: boolean;
  record: string;
  retired: ParcelState[];
  seq: number;
  /** What followed a split in the same transaction. */
  then?: Followed;
  /** The place in a line that was taken or left. */
  waiting?: Waiting;
}

export interface ParcelHistory {
  /** Steps from it on to the parcels that are live or ended in nothing. */
  children: Kin[];
  /** Its last code. */
  code: string;
  id: string;
  live: boolean;
  /** Steps from it back to the parcels that came out of no other. */
  parents: Kin[];
  /** Newest first, at most 500. */
  records: Record[];
  version: number;
}

export interface ParcelPlanUnit {
  code: string;
  conditions: unknown;
  edition: string;
  land_use: string;
}

export interface ParcelState {
  bank_status: string;
  code: string;
  computed_m2: number;
  geometry: Polygon;
  id: string;
  legal_m2: number;
  status: Status | 'retired';
  version: number;
}

export interface ParcelVersion {
  bank_status: string;
  code: string;
  computed_m2: number;
  geometry: unknown;
  id: string;
  land_use: string | null;
  legal_m2: number;
  publication: string;
}

export interface Park {
  at: string | null;
  bbox: BBox;
  code: string;
  computed_m2: number;
  district_en: string;
  district_zh: string;
  id: string;
  illustrative: boolean;
  name_en: string;
  name_zh: string;
  parcels: number;
  seq: number;
  survey_crs: number;
  time_zone: string;
}

export interface ParkEventPage {
  events: Event[];
  /**
   * There is more already. A page may be empty and more all the same: what the public may not see is passed
   * over.
   */
  more: boolean;
  /** The cursor to go on with. */
  next: number;
}

export interface ParkList {
  parks: Park[];
}

export interface Partner {
  code: string;
  id: string;
  name: Bilingual;
  point: LonLat;
}

export interface PartnerWish {
  /** Along the roads instead of straight from outline to outline. */
  by_road?: boolean;
  /** A place farther away is left out. */
  max_m?: number;
  node: string;
  weight?: number;
}

export interface Party {
  district: string;
  id: string;
  name_en: string;
  name_zh: string;
  /** It agreed to be named to the public. */
  named: boolean;
  /** Code of the park that entered it; null: the district did. */
  park: string | null;
  placeholder: boolean;
  /** What If-Match compares. */
  revision: number;
  source: string | null;
}

export interface PartyFacts {
  name_en?: string;
  name_zh?: string;
  /** It agreed to be named to the public. */
  named?: boolean;
  source?: string;
}

export interface PartyList {
  parties: Party[];
}

export interface Person {
  id: string;
  name: string;
}

export interface Problem {
  /** Where a shape was refused: longitude and latitude. */
  at?: LonLat[];
  /** Its code. */
  code?: string;
  /** The version that is current. */
  current?: number;
  detail?: string;
  /** On what parcels that are to be merged differ: decide each. */
  differ?: Difference[];
  /** What would have been accepted. */
  expected?: string;
  /** The value that was refused. */
  field?: string;
  got?: string;
  /** Which park holds the ground, or how far a parcel lies outside its own. */
  ground?: Ground;
  /** The project that has the right to it. */
  holder?: string;
  /** What the parcel or right is now. */
  now?: { status?: string; state?: string; version: number } | null;
  /** The parcel it is about. */
  parcel?: string;
  /** Its status: reserve, available, held, reserved, supplied, built, withdrawn or retired. */
  parcel_status?: string;
  /** Why a shape was refused. */
  reason?: string;
  /** Stable name of the rule that refuses. */
  rule?: string;
  /** The same in English, whatever the reader's language, with measures and codes. */
  said?: string;
  /** The version that was stated. */
  seen?: number;
  status: number;
  /** What a node lacks: of the rules about services. */
  supply?: Shortfall;
  title: string;
  /** Stable; the path of a page that explains it. */
  type: string;
  /** The deadline of a hold. */
  until?: string;
}

export interface Project {
  chain_stage: string | null;
  code: string;
  district: string;
  /** Stated figures by name. */
  figures: { [name: string]: unknown };
  id: string;
  industry_codes: IndustryCode[];
  investment_cny: number | null;
  /** By date. */
  milestones: Milestone[];
  name_en: string;
  name_zh: string;
  /** It may be named to the public. */
  named: boolean;
  /** Code of the park that entered it; null: the district did. */
  park: string | null;
  party: NamedParty | null;
  placeholder: boolean;
  /** What land it needs. */
  requirement: { [name: string]: unknown };
  /** What If-Match compares. */
  revision: number;
  /** Codes of parks in which it seeks land: their members see it too. */
  seeks: string[];
  /** When this revision began. */
  since: string;
  source: string | null;
  tags: Tag[];
  task_force: string | null;
}

export interface ProjectFacts {
  chain_stage?: string;
  figures?: { [name: string]: unknown };
  industry_codes?: IndustryCode[];
  investment_cny?: number;
  name_en?: string;
  name_zh?: string;
  named?: boolean;
  /** Whose project it is. */
  party?: string;
  /**
   * What land it needs; services, where given, are amounts by service, such as {"power": 2000, "steam": 10}:
   * power in kVA, steam in t/h, water and sewage in m³/d, gas and nitrogen in m³/h.
   */
  requirement?: { [name: string]: unknown };
  /** Codes of parks of the district in which it seeks land: their members see it too. */
  seeks?: string[];
  source?: string;
  /** An office or team, no person's data. */
  task_force?: string;
}

export interface ProjectList {
  projects: Project[];
}

export interface Proposal {
  command: Command;
  decided_at: string | null;
  decided_by: Person | null;
  decision_reason: string | null;
  documents: Document[];
  id: string;
  kind: string;
  /** The zone, plan unit or network it would change. */
  object: Named | null;
  /** Codes of the parcels it would change, as they are now. */
  parcels: string[];
  proposed_at: string;
  proposed_by: Person;
  reason: string;
  /** The record that carried it out. */
  seq: number | null;
  state: 'open' | 'approved' | 'rejected' | 'withdrawn';
}

export interface ProposalList {
  proposals: Proposal[];
}

export interface Question {
  /** Rank free neighbours put together too. Only a match looks for them. */
  assemblies?: AssembliesWish;
  /** Rank the ground as it was at an instant. */
  at?: string;
  /** How many weightings to draw for the robustness; none without it. */
  draws?: number;
  /** How many of the places left out to list with what they lack; 200 without it. */
  excluded?: number;
  /** Rank lots too, cut out of larger free parcels. Only a match looks for them. */
  lots?: LotsWish;
  method?: 'weighted_sum' | 'topsis' | 'pareto';
  /** For how many of the losing places to say what would make them win. */
  moves?: number;
  /** vector is for topsis alone. */
  normalise?: 'min_max' | 'vector';
  /** Judgements by AHP of the criteria that have a want, in their order: they replace the weights. */
  pairwise?: number[][];
  /** The park's code. */
  park: string;
  requirement: Requirement;
  /** Of the draws: the same seed draws the same weightings. */
  seed?: number;
  /** How many places; 20 without it. */
  top?: number;
}

export interface Record {
  approved_by: Person | null;
  at: string;
  documents: Document[];
  id: string;
  kind: string;
  /** The first hundred zones, plan units and networks it touched. */
  objects: Named[];
  parcel_count: number;
  /** The first hundred parcels it touched, by code. */
  parcels: Touched[];
  /** Null for what the server or a program did on its own. */
  proposed_by: Person | null;
  reason: string;
  reverted_by: number | null;
  /** The record it reverses. */
  reverts: number | null;
  seq: number;
  /** Written without stating versions. */
  unlocked: boolean;
  /** The program that wrote it. */
  via: string;
}

export interface RecordDetail {
  approved_by: Person | null;
  at: string;
  /** Whose supply it put at risk, by leaving a node with less than it has promised. */
  at_risk: Risk[];
  /** Versions of parcels it ended, at most 1000. */
  closed: ParcelVersion[];
  documents: Document[];
  /** What rights drew until then. */
  draws_closed: DrawVersion[];
  /** What rights draw from then on. */
  draws_opened: DrawVersion[];
  id: string;
  kind: string;
  /** Places in lines that it began. */
  lines_joined: Waiting[];
  /** Places in lines that it ended. */
  lines_left: Waiting[];
  /** The first hundred zones, plan units and networks it touched. */
  objects: Named[];
  /** Versions of zones, plan units and networks it ended, at most 1000. */
  objects_closed: ObjectVersion[];
  /** Versions of zones, plan units and networks it began, at most 1000. */
  objects_opened: ObjectVersion[];
  /** Versions of parcels it began, at most 1000. */
  opened: ParcelVersion[];
  parcel_count: number;
  /** The first hundred parcels it touched, by code. */
  parcels: Touched[];
  /** Null for what the server or a program did on its own. */
  proposed_by: Person | null;
  reason: string;
  reverted_by: number | null;
  /** The record it reverses. */
  reverts: number | null;
  rights_closed: RightVersion[];
  rights_opened: RightVersion[];
  seq: number;
  /** Written without stating versions. */
  unlocked: boolean;
  /** The program that wrote it. */
  via: string;
}

export interface RecordList {
  records: Record[];
}

export interface Ref {
  id: string;
  /** seq of the state that was seen */
  version?: number;
}

export interface Relative {
  code: string;
  id: string;
  live: boolean;
}

export interface Replayed {
  now: MatchAnswer | null;
  saved: SavedMatch;
  /** Run again on the land as it was; the firms' names are today's. */
  then: MatchAnswer | null;
}

export interface Requirement {
  /**
   * Which piece of the chain the project is: nearness to the tenants it buys from and sells to counts, by the
   * chain's weights.
   */
  chain_node?: string;
  /** Weight of all those partners together, beside the criteria's weights; absent: 1. */
  chain_share?: number;
  criteria?: Criterion[];
  /** A building that must find room on the ground, at some angle. */
  hall?: Hall;
  /** Fire-hazard class of production, 甲 A to 戊 E: how far from land on which people live. */
  hazard?: 'A' | 'B' | 'C' | 'D' | 'E';
  /** Classes of land use that will do; a class stands for its sub-classes too. */
  land_use?: string[];
  /** Leave reserve land out, which a release must free first. */
  no_reserve?: boolean;
  partners?: PartnerWish[];
  /**
   * What it draws: power (kVA), steam (t/h), water (m³/d), sewage (m³/d), gas (m³/h), nitrogen (m³/h). A
   * place is left out where less is left.
   */
  services?: { [name: string]: number };
}

export interface ResendingBody {
  /** One event; all without it. */
  seq?: number;
}

export interface Resent {
  /** Dead letters that will be sent once more. */
  count: number;
}

export interface RightVersion {
  commitments: unknown;
  expires_at: string | null;
  from_seq: number;
  id: string;
  project: string;
  state: string;
  supply_mode: string | null;
  term_years: number | null;
  to_seq: number | null;
}

export interface Risk {
  allotment: string;
  /** In the unit of the service, above 0. */
  amount: number;
  /** The id of a network of grade node. */
  node: string;
  service: 'power' | 'steam' | 'water' | 'sewage' | 'gas' | 'nitrogen';
}

export interface Rule {
  edition: string;
  source: string;
}

export interface SavedList {
  matches: SavedMatch[];
}

export interface SavedMatch {
  /** The instant of that change. */
  at: string;
  id: string;
  name: string;
  park: string;
  question: Question;
  /**
   * public: ranked by what is public alone. members: by what they see; its ranking is empty for who is no
   * member any more.
   */
  ranked_for: 'public' | 'members';
  /** The sites of that day: rank, id, key, code, score. */
  ranking: { rank: number; id: string; key?: string; code: string; score: number }[];
  saved_at: string;
  /** The park's clock the search was answered at. */
  seq: number;
}

export interface SavingBody {
  name: string;
  question: Question;
}

export interface ServiceLedger {
  at: string | null;
  /** The instant that was asked for; null for now. */
  datetime: string | null;
  form: 'members' | 'public';
  park: string;
  /** The park's clock when this was answered. */
  seq: number;
  /** Those of which the park has a node or promises. */
  services: ServiceTotal[];
}

export interface ServiceNode {
  by_state?: ByState;
  capacity: number;
  code: string;
  /**
   * ample: half of the capacity or more; some: a fifth or more; little: less. Absent where the public is told
   * nothing.
   */
  free?: 'ample' | 'some' | 'little';
  /** Negative where more is promised than the node has. */
  headroom?: number;
  id: string;
  name_en: string | null;
  name_zh: string | null;
  /** Longitude and latitude; null of a node that is retired and still promises something. */
  point: LonLat | null;
  /** Members only, as are headroom, by_state and publication. */
  promised?: number;
  /** Whether the public sees the node. */
  public?: boolean;
  told: Told;
}

export interface ServiceTotal {
  by_state?: ByState;
  capacity: number;
  /** What no right draws of the nodes that have room; what others lack is not taken from it. */
  headroom?: number;
  nodes: ServiceNode[];
  /** Members only, as are headroom and by_state. */
  promised?: number;
  service: Draw['service'];
  unit: string;
}

export interface Shape {
  /** split off this legal area; rounded to 0.0001 m² */
  area_mu?: number;
  /** direction of the straight cut, degrees clockwise from the survey grid's north */
  bearing?: number;
  /** codes of the new parcels, in order */
  codes?: string[];
  /** merge: the values that hold where the parcels differ */
  decision?: { [name: string]: unknown };
  /** correct: the surveyed Polygon; border: the park's border, a Polygon or MultiPolygon */
  geometry?: Polygon;
  /** code of the child that inherits the right on allotted land */
  heir?: string;
  /** correct: the surveyed area; rounded to 0.0001 m² */
  legal_m2?: number;
  /** split: the cut; move: the new boundary */
  line?: LonLat[];
  /** split into so many equal parts */
  parts?: number;
  /**
   * on which side of the cut, looking along bearing, the stated area lies; of a drawn line: the part on that
   * side, looking along it, comes first in codes
   */
  side?: 'left' | 'right';
}

export interface Shortfall {
  asked: number;
  capacity: number;
  /** The node's code. */
  code?: string;
  /** The node; absent where the park has none of the service. */
  node?: string;
  /** To others, or before what is asked. */
  promised: number;
  service: Draw['service'];
  shortfall: number;
  unit: string;
}

export interface SignIn {
  login: string;
  password: string;
}

export interface Subject {
  collection?: 'parcels' | 'zones' | 'plan-units' | 'networks';
  /** By name; null clears one. */
  facts?: object;
  /** GeoJSON in longitude and latitude of EPSG:4490; an edit may leave it out */
  geometry?: unknown;
  /** edit, retire: which zone, plan unit or network */
  id?: string;
  /** seq of the state that was seen */
  version?: number;
}

export interface Tag {
  from: string;
  tag: 'provincial_key' | 'municipal_key';
  /** The first day it no longer holds; open without it. */
  until?: string;
}

export interface Terms {
  commitments?: { [name: string]: number | string };
  supply_mode:
    'tender' | 'auction' | 'listing' | 'agreement' | 'long_lease' | 'lease_then_grant' | 'flexible_term';
  /** At most 50 on industrial land, 70 on residential, 40 on commercial, 50 on other. */
  term_years: number;
}

export interface Then {
  /** hold: what it draws of services, as in a hold */
  draws?: Draw[];
  kind: 'hold' | 'release';
  /** Code of one of the parcels that the split makes. */
  lot: string;
  /** hold: the project the lot is held for */
  project?: string;
  /** hold: its deadline */
  until?: string;
}

export interface Token {
  /** Unlocked only in parks of which its account is admin. */
  as_admin: boolean;
  created_at: string;
  expires_at: string;
  id: string;
  login: string;
  name: string;
  revoked_at?: string;
  scope: 'read' | 'write';
  /** May write without If-Match. */
  unlocked: boolean;
}

export interface TokenList {
  tokens: Token[];
}

export interface Told {
  amount?: number;
  /** Since when that, and the capacity, is said. */
  as_of?: string;
  /** figure: amount; band: it lies between min and max; word: free alone; none: nothing, ask the park. */
  form: 'figure' | 'band' | 'word' | 'none';
  max?: number;
  min?: number;
}

export interface Touched {
  /** As it was then. */
  code: string;
  id: string;
}

export interface Tried {
  error?: string;
  ok: boolean;
  /** What the receiver answered; absent where it did not. */
  status?: number;
  took_ms: number;
}

export interface Waiting {
  /** The right it was served with. */
  allotment: string | null;
  asked_at: string;
  asked_by: Person | null;
  ended_at: string | null;
  /** What the record says that ended it. */
  ended_reason: string | null;
  ended_seq: number | null;
  id: string;
  parcel: Touched;
  /** From 1; null once the place has ended. */
  position: number | null;
  project: NamedProject;
  reason: string;
  /** The record by which the place was taken; who came first is served first. */
  seq: number;
  /**
   * served: it got a hold; passed: it could not be served and the next was; left: it was given up; ended: the
   * parcel is no longer there.
   */
  state: 'waiting' | 'served' | 'passed' | 'left' | 'ended';
  term_days: number;
}

export interface WaitingList {
  queue: Waiting[];
}

export interface Webhook {
  /** Events that are still to be told. */
  behind: number;
  /** Every event up to it was taken or lies with the dead letters. */
  cursor: number;
  /** Events it did not take in all their tries. */
  dead_letters: number;
  id: string;
  last_at: string | null;
  last_error: string | null;
  /** What the receiver answered; null where it did not. */
  last_status: number | null;
  made_at: string;
  made_by: Person;
  /** When it is tried next, where it has failed. */
  next_at: string;
  state: 'active' | 'paused' | 'retired';
  /** How often the next event has failed. */
  tries: number;
  url: string;
}

export interface WebhookList {
  webhooks: Webhook[];
}

export interface WebhookMade {
  /** Events that are still to be told. */
  behind: number;
  /** Every event up to it was taken or lies with the dead letters. */
  cursor: number;
  /** Events it did not take in all their tries. */
  dead_letters: number;
  id: string;
  last_at: string | null;
  last_error: string | null;
  /** What the receiver answered; null where it did not. */
  last_status: number | null;
  made_at: string;
  made_by: Person;
  /** When it is tried next, where it has failed. */
  next_at: string;
  /** Shown once: whsec_ and base64 of the key. */
  secret: string;
  state: 'active' | 'paused' | 'retired';
  /** How often the next event has failed. */
  tries: number;
  url: string;
}

export interface WebhookSecret {
  /** Shown once. The one before signs beside it for a day. */
  secret: string;
}

export interface WhoAmI {
  /** Null when nobody is signed in. */
  account: Me | null;
}

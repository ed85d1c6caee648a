// A schedule: several faults and the orders of operators, each at its time; what may stand in one and what may not.
import {
  AWS_ENDPOINTS,
  FAULT_KINDS,
  GLOBAL_REGION,
  InputError,
  LINK_ENDS,
  LOSS_KINDS,
  isFaultKind,
  kindsThat,
  MAX_ZONES,
  traitsOf,
  type Fault,
  type FaultKind,
  type Population,
} from '@dr/contracts';

/** What an operator orders through the table of the region `via`. */
export interface OrderAction {
  readonly order: 'evacuate' | 'readmit';
  readonly region: string;
  readonly via: string;
  readonly atSeconds: number;
  /** An evacuation ends by itself after that; default 8 h. */
  readonly expiresSeconds?: number;
  /** Give the order even if nobody else can be serving: the region itself is then to refuse it. */
  readonly force?: true;
}

/** What faults and orders may name. */
export interface Places {
  readonly regions: readonly string[];
  readonly functions: readonly string[];
  /** Struck by a fault of functions that names none. */
  readonly entryFunction?: string;
  /** @default every kind */
  readonly kinds?: readonly FaultKind[];
  /** @default true */
  readonly takesOrders?: boolean;
  /** Regions come back by an order: random schedules give some. @default by themselves */
  readonly returnsByOrder?: true;
}

export interface Schedule {
  readonly faults: readonly Fault[];
  readonly orders: readonly OrderAction[];
  /** Clients that the promise is not about, beside the others. */
  readonly populations?: readonly Population[];
}

/** Infinity of one that never heals. */
export const endSeconds = (fault: Pick<Fault, 'startSeconds' | 'durationSeconds' | 'neverHeals'>): number =>
  fault.neverHeals ? Infinity : fault.startSeconds + fault.durationSeconds;

/** When the last fault that heals is over, the last region is gone for good and the last order has been given; 0 for an empty schedule. */
export const calmFromSeconds = ({ faults, orders }: Schedule): number =>
  Math.max(
    0,
    ...faults.map((fault) => (fault.neverHeals ? fault.startSeconds : endSeconds(fault))),
    ...orders.map(({ atSeconds }) => atSeconds),
  );

/** Kinds that hit one function of a region. */
export const FUNCTION_KINDS = kindsThat(({ strikes }) => strikes === 'function');
export const namesRegion = (kind: FaultKind): boolean =>
  ['region', 'region-or-us-east-1', 'function'].includes(traitsOf(kind).strikes);
/** What a fault of that kind may name: a region of the system, and us-east-1 where it is none but is struck as well. */
export const regionsFor = (kind: FaultKind, regions: readonly string[]): readonly string[] =>
  traitsOf(kind).strikes === 'region-or-us-east-1' ? [...regions, GLOBAL_REGION] : regions;

export const MAX_SCHEDULE_SECONDS = 7_200;
const MAX_ENTRIES = 50;

/** What two faults must not both do at one time. */
function targetOf(
  { kind, region, functionName, service, from, to }: Fault,
  { entryFunction = 'functions' }: Places,
): string {
  if (kind === 'link-cut') return `link from ${from} to ${to}`;
  if (kind === 'us-east-1-down') return GLOBAL_REGION;
  const { group, strikes, setting } = traitsOf(kind);
  if (setting === 'service') return `${service ?? AWS_ENDPOINTS[0]} of ${region}`;
  if (group === 'loss') return `loss of ${region}`;
  return strikes === 'function' ? `${region}'s ${functionName ?? entryFunction}` : region;
}

/** The first earlier fault that contradicts this one: the same thing at the same target, at one time. */
export function contradicted(fault: Fault, others: readonly Fault[], places: Places): Fault | undefined {
  return others.find(
    (other) =>
      areAlternatives(other.kind, fault.kind) &&
      targetOf(other, places) === targetOf(fault, places) &&
      other.startSeconds < endSeconds(fault) &&
      fault.startSeconds < endSeconds(other),
  );
}

/** A region cannot be lost in two ways at once, nor its writes be both late and held back. */
const areAlternatives = (a: FaultKind, b: FaultKind): boolean =>
  a === b || (traitsOf(a).group !== null && traitsOf(a).group === traitsOf(b).group);

/** Throws InputError that names the entry (`faults[2].kind`), its value and what is allowed. */
export function checkSchedule(schedule: Schedule, places: Places, name: string): void {
  const { faults, orders } = schedule;
  if (faults.length + orders.length > MAX_ENTRIES) {
    throw new InputError(
      `${name}: ${faults.length + orders.length} entries`,
      'are too many',
      `Give ${MAX_ENTRIES} at most`,
    );
  }
  faults.forEach((fault, index) => {
    const at = `${name}: faults[${index}]`;
    checkFault(fault, places, at);
    const other = contradicted(fault, faults.slice(0, index), places);
    if (!other) return;
    const until = Math.min(endSeconds(fault), endSeconds(other));
    throw new InputError(
      `${at}.kind "${fault.kind}"`,
      `contradicts faults[${faults.indexOf(other)}]: both hit ${targetOf(fault, places)} between ` +
        `${Math.max(fault.startSeconds, other.startSeconds)} ${until === Infinity ? 's and the end' : `and ${until} s`}`,
      'Let one end before the other begins, or leave one out',
    );
  });
  checkSomeAreLeft(faults, places.regions, name);
  if (orders.length > 0 && places.takesOrders === false)
    throw new InputError(`${name}: orders`, 'mean nothing to this system', 'Leave them out');
  orders.forEach((order, index) => checkOrder(order, schedule, places.regions, `${name}: orders[${index}]`));
}

function checkSomeAreLeft(faults: readonly Fault[], regions: readonly string[], name: string): void {
  const gone = faults.flatMap(({ neverHeals, region }) => (neverHeals ? [region] : []));
  if (!regions.every((region) => gone.includes(region))) return;
  throw new InputError(
    `${name}: faults`,
    'take every region for good',
    'Leave "neverHeals" out at one of them at least',
  );
}

/** A value from a file, as it stands there. */
const shown = (value: unknown): string =>
  value === undefined ? 'is missing' : typeof value === 'number' ? String(value) : JSON.stringify(value);

/** Throws InputError that names the key below `at`, its value and what is allowed. */
export function checkFault(fault: Fault, { regions, functions, kinds = FAULT_KINDS }: Places, at: string): void {
  const { kind, region, functionName, intensity } = fault;
  checkKind(kind, kinds, `${at}.kind ${shown(kind)}`);
  if (!namesRegion(kind)) checkNoRegion(fault, `${at}.region`);
  else checkRegion(region, regionsFor(kind, regions), `${at}.region`);
  checkLink(fault, regions, at);
  checkTime(fault.startSeconds, 0, `${at}.startSeconds`);
  checkTime(fault.durationSeconds, 1, `${at}.durationSeconds`);
  if (functionName !== undefined) {
    if (traitsOf(kind).strikes !== 'function') throw misplaced(`${at}.functionName`, FUNCTION_KINDS);
    if (!functions.includes(functionName)) {
      const what = `${at}.functionName ${shown(functionName)}`;
      throw new InputError(what, 'the stack has no such function', `Use one of ${functions.join(', ')}`);
    }
  }
  checkSettings(fault, at);
  checkNeverHeals(fault, at);
  if (intensity === undefined) return;
  if (!traitsOf(kind).perCall)
    throw misplaced(
      `${at}.intensity`,
      kindsThat(({ perCall }) => perCall),
    );
  // From a file it may be anything, and "0.5" compares like a number.
  if (typeof intensity !== 'number' || !(intensity > 0 && intensity <= 1)) {
    throw new InputError(`${at}.intensity ${shown(intensity)}`, 'is no share', 'Give a number above 0, up to 1');
  }
}

/** Throws InputError. `at` undefined: options of a command line. */
export function checkNeverHeals({ kind, neverHeals }: Fault, at?: string): void {
  // From a file it may be anything.
  const value: unknown = neverHeals;
  if (value === undefined) return;
  if (value !== true)
    throw new InputError(`${at}.neverHeals ${shown(value)}`, 'is not true', 'Give true, or leave it out');
  if (LOSS_KINDS.includes(kind)) return;
  const what = at === undefined ? `--never-heals with --fault ${kind}` : `${at}.neverHeals with kind "${kind}"`;
  throw new InputError(what, 'is for the loss of a whole region', `Use one of ${LOSS_KINDS.join(', ')}`);
}

/** Throws InputError for a setting that the kind has no use for, or a value that is none. `at` undefined: options of a command line. */
export function checkSettings({ kind, service, zones }: Fault, at?: string): void {
  const named = (key: string): string => (at === undefined ? `--${key}` : `${at}.${key}`);
  for (const [key, value] of Object.entries({ service, zones })) {
    if (value === undefined || traitsOf(kind).setting === key) continue;
    throw misplaced(
      named(key),
      kindsThat(({ setting }) => setting === key),
    );
  }
  if (service !== undefined && !AWS_ENDPOINTS.includes(service)) {
    const why = 'is no endpoint that the functions of a twin call';
    throw new InputError(`${named('service')} ${shown(service)}`, why, `Use one of ${AWS_ENDPOINTS.join(', ')}`);
  }
  if (zones === undefined || (Number.isInteger(zones) && zones >= 1 && zones <= MAX_ZONES)) return;
  const fix = `Give a whole number from 1 to ${MAX_ZONES}`;
  throw new InputError(`${named('zones')} ${shown(zones)}`, 'is no number of zones of a region', fix);
}

/** Throws InputError. `what`: the kind where it was given. */
export function checkKind(kind: string, kinds: readonly FaultKind[], what: string): asserts kind is FaultKind {
  if (kinds.some((one) => one === kind)) return;
  const why = isFaultKind(kind) ? 'cannot happen to this system' : 'no fault has that name';
  throw new InputError(what, why, `Use one of ${kinds.join(', ')}`);
}

const misplaced = (what: string, kinds: readonly FaultKind[]): InputError =>
  new InputError(what, 'means nothing for that fault', `Leave it out; it is for ${kinds.join(', ')}`);

function checkLink({ kind, from, to }: Fault, regions: readonly string[], at: string): void {
  const ends = [...regions, ...LINK_ENDS];
  for (const [key, end] of Object.entries({ from, to })) {
    if (kind !== 'link-cut') {
      if (end !== undefined) throw misplaced(`${at}.${key}`, ['link-cut']);
      continue;
    }
    if (end !== undefined && ends.includes(end)) continue;
    const [what, why] = end === undefined ? ['', 'is missing'] : [` ${shown(end)}`, 'is no end of a link'];
    throw new InputError(`${at}.${key}${what}`, why, `Use one of ${ends.join(', ')}`);
  }
  if (kind === 'link-cut' && from === to) {
    throw new InputError(`${at}.to "${to}"`, 'is the sender itself', 'Name two different ends');
  }
}

/** A region there would be ignored, and whoever wrote it meant something by it. */
function checkNoRegion({ kind, region }: Fault, what: string): void {
  if (region === GLOBAL_REGION) return;
  const fix = kind === 'link-cut' ? 'Leave it out: "from" and "to" say where' : 'Leave it out';
  throw new InputError(`${what} ${shown(region)}`, `means nothing for ${kind}`, fix);
}

/** Throws InputError. */
export function checkRegion(region: unknown, regions: readonly string[], what: string): void {
  if (typeof region === 'string' && regions.includes(region)) return;
  const [value, why] =
    region === undefined ? ['', 'is missing'] : [` ${shown(region)}`, 'the stack has no such region'];
  throw new InputError(`${what}${value}`, why, `Use one of ${regions.join(', ')}`);
}

function checkTime(value: unknown, least: number, what: string): void {
  if (typeof value === 'number' && value >= least && value <= MAX_SCHEDULE_SECONDS) return;
  throw new InputError(
    `${what} ${shown(value)}`,
    'is not a time within a drill',
    `Give seconds from ${least} to ${MAX_SCHEDULE_SECONDS}`,
  );
}

/** Throws InputError, too, when no other region could be serving by what the schedule has until then. */
export function checkOrder(order: OrderAction, schedule: Schedule, regions: readonly string[], at: string): void {
  if (order.order !== 'evacuate' && order.order !== 'readmit') {
    throw new InputError(`${at}.order ${shown(order.order)}`, 'is no order', 'Use one of evacuate, readmit');
  }
  checkRegion(order.region, regions, `${at}.region`);
  checkRegion(order.via, regions, `${at}.via`);
  checkTime(order.atSeconds, 0, `${at}.atSeconds`);
  if (order.expiresSeconds !== undefined) checkTime(order.expiresSeconds, 1, `${at}.expiresSeconds`);
  if (order.order === 'readmit') {
    const key = (['expiresSeconds', 'force'] as const).find((name) => order[name] !== undefined);
    if (key === undefined) return;
    throw new InputError(`${at}.${key}`, 'means nothing for a readmission', 'Leave it out; it is for evacuate');
  }
  if (order.force) return;
  const others = regions.filter((region) => region !== order.region);
  if (others.some((region) => canServe(region, order, schedule))) return;
  throw new InputError(
    `${at}: evacuate ${order.region} at ${order.atSeconds} s`,
    `no other region serves then (${others.join(', ')}), and nobody would be left`,
    'Let another region return first, or set "force": true: the order is then given all the same, and the region itself ' +
      'refuses it while it hears of no other region that serves',
  );
}

const OUT_OF_REACH = kindsThat(({ strikes, clients }) => strikes === 'region' && clients === 'lost');

/** As far as a schedule tells: not lost, not cut off, and not ordered out before. */
function canServe(region: string, { atSeconds }: OrderAction, { faults, orders }: Schedule): boolean {
  const isStruck = faults.some(
    (fault) =>
      fault.region === region &&
      OUT_OF_REACH.includes(fault.kind) &&
      fault.startSeconds <= atSeconds &&
      atSeconds < endSeconds(fault),
  );
  const last = orders
    .filter((order) => order.region === region && order.atSeconds < atSeconds)
    .sort((a, b) => a.atSeconds - b.atSeconds)
    .at(-1);
  const isOut =
    last?.order === 'evacuate' &&
    (last.expiresSeconds === undefined || last.atSeconds + last.expiresSeconds > atSeconds);
  return !isStruck && !isOut;
}

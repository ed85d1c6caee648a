// An order to one region, given through the replica of another: written, then followed until the region has decided it.
import { InputError } from '@dr/contracts';
import { CONTROL_ID, orderKey, type OrderRecord, type StateRecord } from '@dr/contracts/system';
import type { RegionConfig } from '@dr/contracts/system/config';
import { nextOrderNumber, orderStatus, type OrderKind } from '@dr/failover';
import type { Context } from '../context';
import { claimsToServe, merged, readControl, stateOf, tableOf, watchHearts, type ControlView } from './control-view';
import { orRefused, Refused, Unavailable, type ControlTable } from './operator';
import { onOneLine } from '../terminal/printable';
import { warnOf } from './records';
import { readmissionOf, type Readmission } from './readmission';
import { regionNamed } from './regions';

export interface OrderRequest {
  readonly kind: OrderKind;
  readonly region: string;
  readonly via?: string;
  readonly reason?: string;
  readonly expiresMinutes: number;
  /** Evacuations: leave it to the region alone to see whether another one serves. */
  readonly force: boolean;
}

const MAX_REASON_CHARACTERS = 200;
/** Operators who order at the same moment through the same region. */
const MAX_TRIES = 5;
const POLL_EVERY_MS = 2_000;
const MAY_BE_TAKEN = ', so the order may have been taken or not. dr status shows it; giving it again does no harm.';
/** A beat, the peer's grant (25 s at most), its way back; three times over for slow replication. */
export const DECISION_LIMIT_MS = 90_000;

interface Way {
  readonly via: RegionConfig;
  readonly table: ControlTable;
  readonly view: ControlView;
}

/**
 * Resolves when the region has obeyed. Throws Refused when it has not: with its reason, or because nobody answered, another
 * operator was faster, or time was up. Throws InputError before anything is written.
 */
export async function giveOrder(context: Context, request: OrderRequest) {
  const config = context.config();
  const target = regionNamed(config, 'region', request.region);
  const candidates =
    request.via === undefined
      ? config.regions.filter((region) => region.name !== target.name)
      : [regionNamed(config, 'via', request.via)];
  checkReason(request.reason);
  const way = await firstThatAnswers(context, candidates, target);
  warnOf(context, way.view.bad);
  if (request.kind === 'evacuate' && !request.force) await refuseIfLast(context, way, target);
  const there = target.name === way.via.name ? way.table : tableOf(context, target);
  const about = request.kind === 'readmit' ? await readmission(context, way, there, target) : {};
  const order = await write(context, way, { ...request, ...about });
  context.err(`order ${order.number} (${order.kind} ${target.name}) is written in ${way.via.name}\n`);
  return follow(context, way.table, there, order);
}

/** The region's own replica knows best whether it waits; where that is dark, the other one has to do. */
async function readmission(
  context: Context,
  way: Way,
  there: ControlTable,
  target: RegionConfig,
): Promise<Readmission> {
  const view = await bothViews(context, way.table, there);
  return readmissionOf(view, target.name, context.config().recovery.failback === 'manual');
}

function checkReason(reason: string | undefined): void {
  if (reason === undefined || (reason.trim() !== '' && reason.length <= MAX_REASON_CHARACTERS)) return;
  const fix = `Give 1 to ${MAX_REASON_CHARACTERS} characters`;
  throw new InputError(`--reason of ${reason.length} characters`, 'is kept in the order record', fix);
}

async function firstThatAnswers(
  context: Context,
  candidates: readonly RegionConfig[],
  target: RegionConfig,
): Promise<Way> {
  const silent: string[] = [];
  for (const via of candidates) {
    const table = tableOf(context, via);
    try {
      return { via, table, view: await readControl(context, table) };
    } catch (error) {
      if (!(error instanceof Unavailable)) throw error;
      silent.push(`${via.name}: ${error.message}`);
    }
  }
  const { regions } = context.config();
  const others = regions.map(({ name }) => name).filter((name) => !candidates.some((one) => one.name === name));
  throw new Refused(
    `Nothing was ordered: ${silent.join('; ')}. Try again, or order through another region with ` +
      `--via ${others.join(' or --via ')}${others.includes(target.name) ? ` (${target.name} takes orders about itself)` : ''}.`,
  );
}

/** A region that has died leaves a record that says it serves: only one whose heart is seen to beat counts. */
async function refuseIfLast(context: Context, { via, table }: Way, { name: target }: RegionConfig): Promise<void> {
  const others = context.config().regions.flatMap(({ name }) => (name === target ? [] : [name]));
  const claiming = (view: ControlView): string[] => others.filter((name) => claimsToServe(stateOf(view, name)));
  const isServed = (beating: ReadonlySet<string>, view: ControlView): boolean =>
    claiming(view).some((name) => beating.has(name));
  const isEnough: typeof isServed = (seen, now) => isServed(seen, now) || claiming(now).length === 0;
  const { beating, view } = await watchHearts(context, table, isEnough);
  if (isServed(beating, view)) return;
  const described = others.map((name) => `${name}: ${describe(stateOf(view, name), beating.has(name))}`);
  throw new Refused(
    `${target} was not evacuated: as ${via.name} sees it, no other region is serving (${described.join('; ')}), and nobody ` +
      `would be left. Bring another region back first, or give the order all the same with --force: then ${target} alone ` +
      `judges by what it hears itself, and still refuses while it hears of no other region that serves.`,
  );
}

function describe(state: StateRecord | undefined, beats: boolean): string {
  if (!state) return 'has never served';
  if (state.state !== 'serving') return state.state;
  if (state.leaving !== null) return `is leaving by order ${state.leaving}`;
  if (!state.reached) return 'not reached by health checks, or its traffic-router does not answer';
  return beats ? 'serving' : 'its heartbeat has stopped';
}

async function write(
  context: Context,
  { via, table, view }: Way,
  request: OrderRequest & Readmission,
): Promise<OrderRecord> {
  let seen = view;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const order: OrderRecord = {
      id: CONTROL_ID,
      timestamp: orderKey(via.name, request.region),
      writer: via.name,
      target: request.region,
      kind: request.kind,
      number: nextOrderNumber(seen, request.region),
      expiresAtMs: context.operator.now() + request.expiresMinutes * 60_000,
      ...(request.wait === undefined ? {} : { wait: request.wait }),
      ...(request.reason === undefined ? {} : { reason: request.reason }),
    };
    const before = seen.orders.find(({ timestamp }) => timestamp === order.timestamp);
    const isBad = seen.bad.some(({ key }) => key === order.timestamp);
    const put = table.putOrder(order, before?.number ?? (isBad ? 'bad' : null));
    if ((await orRefused(put, MAY_BE_TAKEN)) === 'written') return order;
    seen = await readControl(context, table);
  }
  throw new Refused(
    `Nothing was ordered: others gave orders about ${request.region} through ${via.name} ${MAX_TRIES} times just now. ` +
      'Agree on one, then try again.',
  );
}

async function follow(context: Context, here: ControlTable, there: ControlTable, order: OrderRecord) {
  const { operator, wallMs, err } = context;
  const startedMs = wallMs();
  let told = false;
  for (;;) {
    const view = await bothViews(context, here, there);
    const state = stateOf(view, order.target);
    const { status, reason } = orderStatus(order, state, view.orders);
    // Only the record of the region itself can say that an order was obeyed; the reason is in its own words.
    if (status === 'obeyed') return { order, reason: onOneLine(reason), state: state as StateRecord };
    if (status !== 'pending') throw notObeyed(order, status, reason);
    if (!told && state?.leaving === order.number) {
      told = true;
      err(`${order.target} asks another region to stay before it leaves\n`);
    }
    if (wallMs() - startedMs >= DECISION_LIMIT_MS) throw undecided(order);
    await operator.sleep(POLL_EVERY_MS);
  }
}

/** The target's own replica knows its decision first, and knows it even when nothing arrives here; but it may be dark. */
async function bothViews(context: Context, here: ControlTable, there: ControlTable): Promise<ControlView> {
  const tables = here === there ? [here] : [here, there];
  const read = await Promise.allSettled(tables.map((table) => readControl(context, table)));
  const views = read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const refused = read.find((one) => one.status === 'rejected' && !(one.reason instanceof Unavailable));
  if (views.length === 0 && refused?.status === 'rejected') throw refused.reason;
  return merged(views);
}

function notObeyed(order: OrderRecord, status: 'refused' | 'spent' | 'superseded', reason: string): Refused {
  const what = `Order ${order.number} (${order.kind} ${order.target})`;
  if (status === 'refused') return new Refused(`${what} was refused by ${order.target}: ${reason}.`);
  if (status === 'spent') return new Refused(`${what} was obeyed and is already over: ${reason}.`);
  return new Refused(`${what} was ${reason}: that one counts.`);
}

const undecided = ({ number, kind, target, expiresAtMs }: OrderRecord): Refused =>
  new Refused(
    `Order ${number} (${kind} ${target}) has not been decided in ${DECISION_LIMIT_MS / 1000} s: ${target} does not beat, or ` +
      `hears nothing from where it was given. The order stands${
        kind === 'evacuate' ? ` until ${new Date(expiresAtMs).toISOString()}` : ''
      }: ${target} decides it at its next heartbeat. To overrule it: dr ${
        kind === 'evacuate' ? 'readmit' : 'evacuate'
      } --region ${target}.`,
  );

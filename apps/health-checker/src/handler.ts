// health-checker: whether this region can serve, asked by Route 53 and the load balancer, and its heartbeat.
import { CHECK_PATH, LIVENESS_PATH, METRICS, PEER_PATH } from '@dr/contracts/system';
import { isReached, joined, peerStalenessSeconds, throttledAgain, type AdmissionReason } from '@dr/failover';
import {
  DeadlineError,
  TableError,
  badRecordTeller,
  decodeAlb,
  encodeAlb,
  isScheduled,
  jsonResponse,
  sameText,
  withDeadline,
  type Cancellation,
} from '@dr/handler-core';
import { beat, type Beat } from './beat';
import { keepElsewhere, lookElsewhere } from './elsewhere';
import { know, lastProbeAtMs, learn, newMemory, type Memory, type Question } from './memory';
import { askPeers } from './peers';
import type { HealthPorts } from './ports';
import { checkRouter } from './router-check';
import type { Reason, Stage, Verdict } from './verdict';

export const CACHE_MS = 2_000;
const MARGIN_MS = 50;

/** Once an execution environment; the result, once a probe or schedule. Rejects for any other event. */
export function healthChecker(ports: HealthPorts): (event: unknown) => Promise<Record<string, unknown>> {
  const { clock, telemetry, region } = ports;
  const memory = newMemory(badRecordTeller(telemetry));

  return async (event) => {
    const request = decodeAlb(event);
    if (!request && !isScheduled(event)) throw new Error('health-checker takes load balancer and schedule events only');
    // The load balancer asks whether the function runs, not whether the region serves: no table, no peer, no state.
    if (request?.path === LIVENESS_PATH) return encodeAlb(event, jsonResponse(200, { live: true, region }));
    if (request && isCheck(request.path, ports.checkTokens)) memory.probeAt = clock.moment();
    const { healthy, reason, ...sound } = await (request?.path === PEER_PATH ? verdictForPeer : verdictOf)(
      ports,
      memory,
    );
    telemetry.flush();
    const body = { status: healthy ? 'pass' : 'fail', region, ...(healthy ? sound : { reason }) };
    const response = jsonResponse(healthy ? 200 : 503, body);
    return request ? encodeAlb(event, response) : body;
  };
}

/** Everybody gets the same answer. Only a checker, told by its token, shows that the region is reached; anybody can send its User-Agent. */
function isCheck(path: string, tokens: readonly string[]): boolean {
  const given = path.startsWith(CHECK_PATH) ? path.slice(CHECK_PATH.length) : '';
  // All are compared, so that the time taken says nothing of them.
  return tokens.filter((token) => token !== '' && sameText(token, given)).length > 0;
}

async function verdictOf(ports: HealthPorts, memory: Memory): Promise<Verdict> {
  const { clock, telemetry } = ports;
  const started = clock.moment();
  const before = memory.verdict;
  if (before && clock.isWithin(before.at, CACHE_MS)) return before.is;
  const verdict = await evaluate(ports, memory, false);
  telemetry.gauge(METRICS.healthVerdict, verdict.healthy ? 1 : 0);
  telemetry.observe(METRICS.healthLatency, clock.sinceMs(started));
  if (verdict.reason !== before?.is.reason) {
    telemetry.log(verdict.healthy ? 'INFO' : 'WARN', verdict.healthy ? 'healthy' : 'unhealthy', {
      reason: verdict.reason,
    });
  }
  memory.verdict = { is: verdict, at: started };
  return verdict;
}

async function verdictForPeer(ports: HealthPorts, memory: Memory): Promise<Verdict> {
  const { clock } = ports;
  const before = [memory.verdict, memory.toldPeers].find((given) => given && clock.isWithin(given.at, CACHE_MS));
  if (before) return before.is;
  const at = clock.moment();
  memory.toldPeers = { is: await evaluate(ports, memory, true), at };
  return memory.toldPeers.is;
}

async function evaluate(ports: HealthPorts, memory: Memory, forPeer: boolean): Promise<Verdict> {
  const { clock, invoker, routerFunction } = ports;
  let stage: Stage = 'table-read';
  const router = checkRouter(clock, invoker, routerFunction);
  const routerWorks = async (): Promise<boolean> => (await router) === undefined;
  const entering = (next: Stage): void => void (stage = next);
  try {
    return await withDeadline(clock, ports.deadlines.healthMs, async (signal) => {
      const known = { memory, lastKnown: memory.record, presence: memory.presence };
      const look = await lookAround({ ...ports, ...known, forPeer, routerWorks, entering }, signal);
      const reason = (await router) ?? outOfService(look);
      const { reached, throttled } = look;
      return {
        healthy: reason === undefined,
        reached,
        ...(throttled ? { throttled } : {}),
        ...(reason === undefined ? {} : { reason }),
      };
    });
  } catch (error) {
    return { healthy: false, reached: false, reason: reasonOf(error, stage) };
  }
}

type Look = Pick<Beat, 'state' | 'reached' | 'throttled'> & Partial<Pick<Beat, 'record'>>;

/** A region that has caught up and waits for an order says so. */
const outOfService = ({ state, record }: Look): Reason | undefined =>
  state === 'serving' ? undefined : state === 'recovering' && record?.wait ? 'waiting' : state;

/** Throttling never fails a region, since its peer would take twice the load and throttle too; it is counted and alarmed. */
async function lookAround(question: Question, signal: Cancellation): Promise<Look> {
  const { clock, telemetry, constants, memory, routerWorks } = question;
  const started = clock.moment();
  try {
    const seen = await beat(question, signal);
    if (seen.decision && seen.record) know(question, seen.record);
    measure(question, seen);
    telemetry.count(METRICS.tableThrottled, 0);
    return seen;
  } catch (error) {
    if (!(error instanceof TableError) || error.kind !== 'throttled') throw error;
    telemetry.count(METRICS.tableThrottled);
    // By hand, a region whose router is broken is not there for its clients, whatever its table says.
    const isOut = question.failback === 'manual' && !(await routerWorks());
    const servedAtMs = isOut ? null : lastProbeAtMs(question);
    memory.presence = throttledAgain(memory.presence, servedAtMs, clock.wallMs(), constants);
    await askElsewhere(question, question.deadlines.healthMs - MARGIN_MS - clock.sinceMs(started));
    const reached = isReached(await routerWorks(), lastProbeAtMs(question) ?? 0, clock.wallMs(), constants);
    const isServed = isServedElsewhere(question);
    return { state: stateOf(question), reached: reached && isServed, throttled: true };
  }
}

/**
 * Once a heartbeat, as the peers take this region's requests as well, and only in what is left of the deadline. Where no peer
 * answers, memory must do.
 */
async function askElsewhere(question: Question, leftMs: number): Promise<void> {
  const { clock, replicas, peers, constants, deadlines, memory, forPeer } = question;
  const { elsewhereAt } = memory;
  const isDue = elsewhereAt === undefined || !clock.isWithin(elsewhereAt, constants.heartbeatMs);
  if (replicas.length === 0 || leftMs <= 0 || !isDue) return;
  const answers = memory.record === undefined && !forPeer ? askPeers(question, peers) : undefined;
  const look = { nowMs: clock.wallMs(), limitMs: Math.min(deadlines.peerMs, leftMs) };
  const asked = clock.moment();
  const looks = await Promise.all(replicas.map((replica) => lookElsewhere(question, replica, look)));
  memory.presence = looks.map(({ presence }) => presence).reduce((a, b) => joined(a, b, constants));
  const found = looks.filter((look) => look.kind === 'read');
  const [nearest] = found;
  if (nearest) await keepElsewhere(question, nearest, Math.min(deadlines.peerMs, leftMs - clock.sinceMs(asked)));
  for (const { record } of found) if (record) learn(memory, record);
  if (found.length > 0) memory.elsewhereAt = clock.moment();
  const isBlind = found.length === 0 && looks.some(({ kind }) => kind === 'unreadable');
  if (!isBlind) memory.blindSince = undefined;
  else if (!answers) return;
  else if (Object.values(await answers).includes('serving')) memory.blindSince = clock.moment();
  else memory.blindSince ??= clock.moment();
}

/** A peer's replica, from which a region serves its clients while its own table throttles, can be read. */
const isServedElsewhere = ({ clock, constants, memory: { elsewhereAt } }: Question): boolean =>
  elsewhereAt !== undefined && clock.isWithin(elsewhereAt, constants.freshMs);

/**
 * An environment that has just started and can read no replica does what an evacuated region does: it stays out until no peer
 * has been heard to serve for D.
 */
function stateOf({ clock, constants, memory }: Question): Look['state'] {
  const { record, blindSince } = memory;
  const isBlind = record === undefined && blindSince !== undefined;
  return isBlind && clock.sinceMs(blindSince) < constants.quietMs ? 'state-unknown' : (record?.state ?? 'serving');
}

/** Decisions that repeat the last one. */
const QUIET: readonly AdmissionReason[] = ['steady', 'catching-up', 'waiting'];

function measure({ telemetry, constants, clock }: HealthPorts, { memory, startedPeers, decision, record }: Beat): void {
  for (const name of Object.keys(memory.peers).filter((peer) => startedPeers.includes(peer))) {
    const seconds = peerStalenessSeconds(name, memory, clock.wallMs(), constants);
    telemetry.gauge(METRICS.peerStaleness, seconds, { dimensions: { Peer: name } });
  }
  if (record?.wait) telemetry.gauge(METRICS.failbackWaiting, Math.max(0, clock.wallMs() - record.wait.sinceMs) / 1000);
  if (!decision || QUIET.includes(decision.reason)) return;
  const { next, reason, closedOrders, notify } = decision;
  const state = next.wait ? 'waiting' : next.state;
  telemetry.log(notify ? 'WARN' : 'INFO', notify ?? 'admission', { state, reason, closedOrders });
}

function reasonOf(error: unknown, stage: Stage): Reason {
  if (error instanceof DeadlineError) return `${stage}-timeout`;
  if (error instanceof TableError) return `table-${error.kind}`;
  throw error;
}

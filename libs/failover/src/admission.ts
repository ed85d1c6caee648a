// Admission: whether a region serves. One pure decision a beat, made by each region for itself; see decision record 0010.
import type { ClosedOrder, StateRecord } from '@dr/contracts/system';
import { forThisWait, ofNoWait, returnByHand, type Return } from './admission-failback';
import { heardByReplica } from './admission-memory';
import { closedOrder, hasExpired, obeyed, openOrder, overruling, refused, spent } from './admission-orders';
import { assess, describe, isReached, viewsOf, type Situation } from './admission-situation';
import type { AdmissionDecision, AdmissionInput, AdmissionReason } from './admission-types';
import { newStateRecord } from './state-record';

type Outcome = Omit<AdmissionDecision, 'next' | 'closedOrders'> & {
  readonly change: Partial<Pick<StateRecord, 'state' | 'leaving' | 'leavingSinceMs' | 'grants'>>;
  readonly closes?: readonly ClosedOrder[];
  /** @default there is none, or none any more */
  readonly back?: Return;
};

/**
 * Decide one beat. Call it only when a beat is due and the table has just been read. Write `next` on condition that `version` is
 * still `previous.version`; when that fails, read again: another environment has decided.
 */
export function admit(input: AdmissionInput): AdmissionDecision {
  const { previous } = input;
  if (previous === null) {
    return input.isLost
      ? {
          next: { ...newRecord(input), state: stateAfterLoss(input) ?? 'recovering' },
          reason: 'record-lost',
          closedOrders: [],
        }
      : { next: { ...newRecord(input), firstStart: true }, reason: 'first-start', closedOrders: [] };
  }
  const situation = assess(input, previous);
  const outcome = decide(situation);
  return {
    next: apply(situation, outcome),
    reason: outcome.reason,
    closedOrders: outcome.closes ?? [],
    ...(outcome.notify === undefined ? {} : { notify: outcome.notify }),
  };
}

/**
 * Whether this beat has to be put off, with nothing written, to be tried again at the next look. Either the table of a region in service
 * has just stopped throttling, and what its peers wrote meanwhile seems to be here, but may still be on its way. Or its record is lost.
 */
export function mustWait(input: AdmissionInput): boolean {
  if (input.isLost) return stateAfterLoss(input) === undefined;
  if (input.previous?.state !== 'serving') return false;
  const { edge, missed, unsettled } = assess(input, input.previous);
  return !edge && missed.length === 0 && unsettled.length > 0;
}

const isReachedNow = ({ routerWorks, probeAtMs, nowMs, constants }: AdmissionInput): boolean =>
  isReached(routerWorks, probeAtMs ?? 0, nowMs, constants);

const newRecord = (input: AdmissionInput): StateRecord => ({
  ...newStateRecord(input.region, input.nowMs),
  reached: isReachedNow(input),
  lastProbeAtMs: input.probeAtMs ?? 0,
  memory: input.memory,
  stateSinceMs: input.nowMs,
});

/**
 * The region may have served, been on its way back or been evacuated. Beside a peer that serves it catches up; when it has heard none for D,
 * and is reached itself, it serves. undefined: not known yet.
 */
function stateAfterLoss(input: AdmissionInput): 'serving' | 'recovering' | undefined {
  const views = Object.values(viewsOf(input, input.nowMs));
  if (views.includes('serving')) return 'recovering';
  return views.includes('unknown') || !isReachedNow(input) ? undefined : 'serving';
}

function decide(situation: Situation): Outcome {
  switch (situation.beat.state) {
    case 'serving':
      return whileServing(situation);
    case 'recovering':
      return whileRecovering(situation);
    case 'evacuated':
      return whileEvacuated(situation);
  }
}

function whileServing(situation: Situation): Outcome {
  const { beat, edge, mayStay, missed } = situation;
  if ((edge && !mayStay) || missed.length > 0) {
    const closes = beat.leaving === null ? [] : [refused(beat.leaving, 'the region was away and is catching up')];
    return { change: { state: 'recovering', leaving: null, leavingSinceMs: null }, reason: 'back-behind', closes };
  }
  if (beat.leaving !== null) return whileLeaving(situation, beat.leaving);
  return whileStaying(situation, edge ? 'back-caught-up' : 'steady');
}

function whileStaying(situation: Situation, otherwise: AdmissionReason): Outcome {
  const { beat, input, nowMs, servingPeers } = situation;
  const order = openOrder(input.orders, input.region, beat.closed);
  const grants = grantsOf(situation);
  if (!order) return { change: { grants }, reason: otherwise };
  if (order.kind === 'readmit') {
    return {
      change: { grants },
      reason: 'order-done',
      closes: [closedOrder(order, 'obeyed', 'the region is serving')],
    };
  }
  const refusal =
    order.expiresAtMs <= nowMs
      ? 'the order had expired'
      : servingPeers.length === 0
        ? `no other region is known to serve (${describe(situation)})`
        : undefined;
  if (refusal !== undefined) {
    return { change: { grants }, reason: 'order-refused', closes: [refused(order.number, refusal)] };
  }
  // From this beat on the leaving region grants nobody.
  return { change: { leaving: order.number, leavingSinceMs: nowMs }, reason: 'leaving' };
}

function whileLeaving(situation: Situation, leaving: number): Outcome {
  const { beat, input, nowMs, servingPeers } = situation;
  const { orders, region, constants } = input;
  const stay = { leaving: null, leavingSinceMs: null };
  const overruled = overruling(orders, region, leaving);
  if (overruled?.kind === 'readmit') {
    const closes = [
      refused(leaving, 'a readmit overruled it'),
      closedOrder(overruled, 'obeyed', 'the region is serving'),
    ];
    return { change: { ...stay, grants: grantsOf(situation) }, reason: 'withdrawn', closes };
  }
  const ahead = heardPeers(situation).find(
    (peer) =>
      peer.state === 'serving' &&
      peer.leaving !== null &&
      (peer.leaving < leaving || (peer.leaving === leaving && peer.region < region)),
  );
  const reason = ahead
    ? `${ahead.region} is leaving and goes first`
    : servingPeers.length === 0
      ? `no other region is known to serve (${describe(situation)})`
      : hasExpired(orders, region, leaving, nowMs)
        ? 'the order expired'
        : nowMs - (beat.leavingSinceMs ?? nowMs) >= constants.patienceMs
          ? 'no serving region granted it in time'
          : undefined;
  if (reason !== undefined) {
    return {
      change: { ...stay, grants: grantsOf(situation) },
      reason: 'withdrawn',
      closes: [refused(leaving, reason)],
    };
  }
  const granted = heardPeers(situation).find(
    (peer) => situation.views[peer.region] === 'serving' && peer.grants[region] === leaving,
  );
  if (!granted) return { change: {}, reason: 'leaving' };
  return {
    change: { ...stay, state: 'evacuated' },
    reason: 'left',
    closes: [obeyed(leaving, `${granted.region} serves`)],
  };
}

function whileRecovering(situation: Situation): Outcome {
  const { beat, byHand, input, mayServe, nowMs, servingPeers } = situation;
  const order = forThisWait(openOrder(input.orders, input.region, beat.closed), beat, input.orders);
  if (order?.kind === 'evacuate' && order.expiresAtMs > nowMs && servingPeers.length > 0) {
    const closes = [closedOrder(order, 'obeyed', `${servingPeers.join(', ')} serves`)];
    return { change: { state: 'evacuated' }, reason: 'left', closes };
  }
  const refusal = servingPeers.length === 0 ? 'no other region is known to serve' : 'the order had expired';
  const refusals = order?.kind === 'evacuate' ? [refused(order.number, refusal)] : [];
  if (byHand) {
    const { serves, then, closes, ...told } = returnByHand(situation, order?.kind === 'readmit' ? order : undefined);
    return { change: serves ? { state: 'serving' } : {}, back: then, closes: [...refusals, ...closes], ...told };
  }
  const closes = order?.kind === 'readmit' ? [closedOrder(order, 'obeyed', 'the region is on its way back')] : refusals;
  // A region that nobody reaches must not come back: it beats more seldom than W, so it would leave again at every beat.
  return mayServe && beat.reached
    ? { change: { state: 'serving' }, reason: 'caught-up', closes }
    : { change: {}, reason: 'catching-up', closes };
}

function whileEvacuated(situation: Situation): Outcome {
  const { beat, byHand, input, nowMs } = situation;
  const { region, constants, memory } = input;
  const orders = ofNoWait(input.orders);
  const overruled = overruling(orders, region, beat.closed);
  if (overruled?.kind === 'readmit') {
    const closes = [closedOrder(overruled, 'obeyed', 'the region is on its way back')];
    // One with the number of the evacuation was given where nobody knew of that: it takes it back, and is no order to serve.
    const back = byHand && overruled.number > beat.closed ? { back: { readmitted: overruled.number } } : {};
    return { change: { state: 'recovering' }, reason: 'readmitted', closes, ...back };
  }
  const number = overruled?.number ?? beat.closed;
  if (hasExpired(orders, region, number, nowMs)) {
    return { change: { state: 'recovering' }, reason: 'order-expired', closes: [spent(number, 'the order expired')] };
  }
  const aloneLongEnough = memory.aloneSinceMs !== null && nowMs - memory.aloneSinceMs >= constants.quietMs;
  if (beat.reached && aloneLongEnough) {
    const why = `no other region serves (${describe(situation)})`;
    const notify = `${region} returned to service unasked: ${why}; evacuation order ${number} is spent`;
    return { change: { state: 'serving' }, reason: 'returned-unasked', closes: [spent(number, why)], notify };
  }
  const late = overruled ? undefined : openOrder(input.orders, region, beat.closed);
  if (late) {
    const why = 'it was given for a wait that is over: the region was ordered out since';
    return { change: {}, reason: 'order-refused', closes: [closedOrder(late, 'refused', why)] };
  }
  if (!overruled) return { change: {}, reason: 'steady' };
  return { change: {}, reason: 'order-done', closes: [closedOrder(overruled, 'obeyed', 'the region was evacuated')] };
}

/** Records of the peers whose heartbeats arrive: only these records are recent. */
const heardPeers = ({ input, nowMs }: Situation): readonly StateRecord[] =>
  input.reading.records.filter(
    (record) =>
      input.reading.peers.includes(record.region) &&
      heardByReplica(record.region, input.memory, nowMs, input.constants),
  );

function grantsOf(situation: Situation): Record<string, number> {
  if (!situation.beat.reached) return {};
  return Object.fromEntries(
    heardPeers(situation).flatMap((peer) =>
      peer.state === 'serving' && peer.leaving !== null ? [[peer.region, peer.leaving]] : [],
    ),
  );
}

/** What was known of a return is not known any more, where it is not said again. */
const withoutReturn = ({ wait: _wait, readmitted: _readmitted, ...rest }: StateRecord) => rest;

function apply({ beat, nowMs }: Situation, { change, closes = [], back = {} }: Outcome): StateRecord {
  const lastOrder = closes.at(-1);
  const { firstStart, ...rest } = withoutReturn(beat);
  const isNew = firstStart && !(beat.reached && (change.state ?? beat.state) === 'serving');
  return {
    ...rest,
    ...(isNew ? { firstStart } : {}),
    ...back,
    ...change,
    closed: Math.max(beat.closed, ...closes.map((order) => order.number)),
    ...(change.state === undefined ? {} : { stateSinceMs: nowMs }),
    ...(lastOrder ? { lastOrder } : {}),
  };
}

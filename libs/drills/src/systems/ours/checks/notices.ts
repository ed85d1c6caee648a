// Checks of what people are told over a schedule's run: invariant 8.
import { kindsThat, traitsOf } from '@dr/contracts';
import type { FailoverRecord } from '@dr/contracts/system';
import { faultsBetween, ofKind, seconds } from '../../../run/run-record';
import { closedOrdersIn } from '../control-records';
import { ORCHESTRATOR } from '../notices';
import type { FindWrong } from '../../../judge/check';

const REPEATING = kindsThat(({ mayRepeatNotices }) => mayRepeatNotices);
/** How long two regions may each hold that it is their turn: a grace of 90 s, a tick, a claim. */
const TURN_MS = 180_000;

/** Once where publishes are answered and the regions see each other. */
export const toldOnce: FindWrong = (record) => {
  const first = new Map<string, number>();
  return ofKind(record.events, 'published').flatMap(({ id, publisher, region, subject, atMs }) => {
    if (publisher !== ORCHESTRATOR) return [];
    if (id === undefined) return [`"${subject}" of ${region} at ${seconds(atMs)} s names no transition`];
    const before = first.get(id);
    first.set(id, before ?? atMs);
    // What became of an order is told at least once: the region that decided it tells it alone.
    if (before === undefined || isOfOrder(id) || faultsBetween(record, before - TURN_MS, atMs, REPEATING).length > 0)
      return [];
    return [`${id} was told at ${seconds(before)} s and again from ${region} at ${seconds(atMs)} s`];
  });
};

const isOfOrder = (id: string): boolean => id.includes('#order#');

/** What is told of a transition or an order is one that a record shows. */
export const toldOfWhatHappened: FindWrong = (record) => {
  const known = new Set([
    ...closedOrdersIn(record).map(({ region, number }) => `${region}#order#${number}`),
    ...ofKind(record.events, 'control-written').flatMap(({ timestamp, record: written }) =>
      timestamp.startsWith('failover#') ? transitionsIn(written as unknown as FailoverRecord) : [],
    ),
  ]);
  return ofKind(record.events, 'published')
    .filter(({ publisher, id }) => publisher === ORCHESTRATOR && id !== undefined && !known.has(id))
    .map(({ id, region }) => `${region} told of ${id}, which nobody has recorded`);
};

/** What a record says was told has been told by somebody: otherwise nobody will tell it any more. */
export const tellsWhatItNotes: FindWrong = (record) => {
  // What somebody has forged says what it likes.
  if (record.schedule.faults.some(({ kind }) => kind === 'bad-records')) return [];
  const told = new Set(ofKind(record.events, 'published').map(({ id }) => id));
  const noted = ofKind(record.events, 'control-written').flatMap(({ timestamp, record: written, region }) =>
    timestamp.startsWith('failover#')
      ? openIn(written as unknown as FailoverRecord).map((transition) => ({ ...transition, by: region }))
      : [],
  );
  const untold = noted.filter(({ sentAtMs, transitionId }) => typeof sentAtMs === 'number' && !told.has(transitionId));
  return [
    ...new Set(untold.map(({ transitionId, by }) => `${by} noted that ${transitionId} was told, and nobody was`)),
  ];
};

const openIn = ({ regions }: FailoverRecord) => Object.values(regions).flatMap(({ transitions }) => transitions);

const transitionsIn = (record: FailoverRecord): readonly string[] =>
  openIn(record).map(({ transitionId }) => transitionId);

/** A report of differing replicas is no false alarm: without a fault of replication all is only in flight. */
export const validatorIsRight: FindWrong = (record) => {
  const kinds = REPEATING.filter((kind) => kind !== 'clock-drift');
  return ofKind(record.events, 'published')
    .filter(
      ({ publisher, atMs }) =>
        publisher === 'data-consistency-validator' &&
        faultsBetween(record, atMs - TURN_MS / 2, atMs, kinds).length === 0,
    )
    .map(
      ({ subject, region, atMs }) => `${region} reported "${subject}" at ${seconds(atMs)} s, while nothing was late`,
    );
};

/** A failover that people are told of is one that Route 53 has made. */
export const noFailoverOutOfThinAir: FindWrong = (record) => {
  // Silence has to do where Route 53's word may not get through.
  if (record.schedule.faults.some(({ kind }) => traitsOf(kind).mayMuteRoute53)) return [];
  const unhealthy = ofKind(record.events, 'health-check').filter(({ healthy }) => !healthy);
  return ofKind(record.events, 'published')
    .filter(({ publisher, subject }) => publisher === ORCHESTRATOR && subject.startsWith('Failover: '))
    .filter(({ id = '', atMs }) => {
      const [region] = id.split('#');
      return !unhealthy.some((event) => event.region === region && event.atMs <= atMs);
    })
    .map(
      ({ subject, region, atMs }) => `${region} told "${subject}" at ${seconds(atMs)} s, and Route 53 had moved nobody`,
    );
};

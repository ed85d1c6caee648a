// The record of a game day as a measurement: its worst client that opens new connections.
import { InputError, WORST_CLIENT } from '@dr/contracts';
import type { Measurement } from '@dr/drills';
import type { GameDayRecord } from '@dr/player';

/** Throws InputError where there is nothing to compare. */
export function measuredOn(record: GameDayRecord, name: string): Measurement {
  const { settings, measured, where, fault, region, startedAt } = record;
  const refuse = (why: string, fix: string): never => {
    throw new InputError(name, why, fix);
  };
  if (where !== 'aws') refuse('was not held on AWS', 'Give the record of one that was');
  if (!settings) return refuse('does not say with which settings', 'Hold one with this version');
  const rto = measured?.newConnections.rto;
  if (!rto) return refuse('has measured no client that failed', 'Give the record of one that was held to its end');
  const { intervalSeconds, failureThreshold, ttlSeconds } = settings;
  if (intervalSeconds !== 10 && intervalSeconds !== 30)
    return refuse(`has an interval of ${intervalSeconds} s, which Route 53 has not`, 'Give the file as it was written');
  return {
    title: `${record.name}: ${fault} in ${region}, ${WORST_CLIENT}, of ${measured.newConnections.clients}`,
    source: name,
    date: startedAt.slice(0, 10),
    settings: { intervalSeconds, failureThreshold, ttlSeconds, evaluateTargetHealth: false },
    // With its function throttled the region answers errors; with its network cut it is silent.
    fault: fault === 'lambda-throttled' ? 'app-errors' : 'region-dark',
    quantity: 'service',
    seconds: [rto.worstSeconds],
    heldOut: true,
  };
}

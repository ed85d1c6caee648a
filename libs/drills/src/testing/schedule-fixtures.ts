// A schedule's record from a few events. For tests.
import type { Fault, FaultKind } from '@dr/contracts';
import { CONTROL_ID, stateKey, type StateRecord } from '@dr/contracts/system';
import type { LoggedEvent } from '@dr/twin';
import { checksOf } from '../judge/checks';
import type { RunRecord } from '../system-under-drill';
import { OURS } from '../systems/ours';

/** A record over 300 s in which nothing happened but what is given; faults of a kind alone begin at 60 s and last 30 s. */
export const recordOf = (overrides: Partial<RunRecord> & { readonly faults?: readonly Fault[] } = {}): RunRecord => {
  const { faults, ...rest } = overrides;
  return {
    system: OURS,
    events: [],
    regions: ['mumbai', 'singapore'],
    domain: 'app.example.com',
    settings: { intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 10 },
    replicas: { mumbai: [], singapore: [] },
    announcedAlarms: { ALARM: new Set(), OK: new Set() },
    schedule: { faults: faults ?? [], orders: [] },
    stoppedBeforeFault: false,
    losses: [],
    orders: [],
    endMs: 300_000,
    unquiet: [],
    audits: [],
    ...rest,
  };
};

export const faultOf = (kind: FaultKind, more: Partial<Fault> = {}): Fault => ({
  kind,
  region: 'mumbai',
  startSeconds: 60,
  durationSeconds: 30,
  ...more,
});

/** The region's record as written at that time; beats at the pace of a healthy region unless told otherwise. */
export const said = (atMs: number, region: string, more: Partial<StateRecord> = {}): LoggedEvent => ({
  kind: 'control-written',
  atMs,
  region,
  timestamp: stateKey(region),
  record: {
    id: CONTROL_ID,
    timestamp: stateKey(region),
    region,
    version: 1,
    sequence: Math.round(atMs / 5000),
    beatAtMs: atMs,
    state: 'serving',
    leaving: null,
    leavingSinceMs: null,
    closed: 0,
    reached: true,
    lastProbeAtMs: atMs,
    grants: {},
    ...more,
  },
});

/** Records of a region every 5 s, `[from, to)`, and their arrival in the other one. */
export const beats = (region: string, fromMs: number, toMs: number, more: Partial<StateRecord> = {}): LoggedEvent[] =>
  Array.from({ length: Math.ceil((toMs - fromMs) / 5_000) }, (_, i) => fromMs + i * 5_000).flatMap((atMs) => [
    said(atMs, region, more),
    arrived(atMs + 800, region, { id: CONTROL_ID, timestamp: stateKey(region) }),
  ]);

export const arrived = (
  atMs: number,
  from: string,
  item: { readonly id: string; readonly timestamp: string },
): LoggedEvent => ({
  kind: 'item-replicated',
  atMs,
  region: from === 'mumbai' ? 'singapore' : 'mumbai',
  from,
  ...item,
  lagMs: 800,
  applied: true,
});

export const inOrder = (...events: readonly (LoggedEvent | readonly LoggedEvent[])[]): LoggedEvent[] =>
  events.flat().sort((a, b) => a.atMs - b.atMs);

/** What the check finds wrong with the run; empty: it holds. Throws for an id that no check has. */
export function wrongBy(id: string, run: RunRecord): string[] {
  const [, check] = [...checksOf(OURS, 'drills'), ...checksOf(OURS, 'schedules')].find(([name]) => name === id) ?? [];
  if (!check) throw new Error(`no check ${id}`);
  const { holds, detail } = check.judge(run);
  return holds ? [] : [detail];
}

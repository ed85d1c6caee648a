// Runs a schedule on a twin until all is at rest.
import type { Graph } from '@dr/terraform-json';
import { calmFromSeconds, type Schedule } from '../schedule/schedule';
import type { RunningStack, RunRecord } from '../system-under-drill';
import { movedBySeconds, regionsLeft } from './run-record';
import { simulate, stillReplicating } from './simulate';

export interface ScheduleOptions {
  readonly twin: RunningStack;
  readonly graph: Graph;
  readonly schedule: Schedule;
  /** Wait for slow machinery too, which takes some minutes more after a failover. */
  readonly thorough?: boolean;
}

const LOAD = { clients: 24, requestsPerSecond: 8, writeShare: 0.5 } as const;
/** Clients send for so long at least; more follows without them until all is quiet. */
const LOAD_SECONDS = 120;
/** Clients go on for so long after the last fault, at least. */
const AFTERWARDS_SECONDS = 15;
/** A client's time-out and a little more: nothing of it is on its way any more. */
const LAST_REQUESTS_MS = 5_000;
const REST_STEP_MS = 2_000;
/**
 * What has not come to rest by then never will: catching up takes 60 s, detection 42 s, Route 53's alarm 240 s, and until an incident
 * without a failover is closed 300 s; then a minute's tick, the grace of the next in line and a claim.
 */
const REST_LIMIT_MS = 600_000;

/** Same seed of the twin, same schedule: the same record. */
export function runSchedule({ twin: stack, graph, schedule, thorough = false }: ScheduleOptions): Promise<RunRecord> {
  const { system, world } = stack;
  const regions = regionsLeft({ schedule, regions: world.regions.map(({ name }) => name) });
  return simulate({
    stack,
    graph,
    schedule,
    load: schedule.populations ? { ...LOAD, populations: schedule.populations } : LOAD,
    searching: true,
    async ending({ watch, clients, advance }) {
      const watched = schedule.faults.flatMap((fault) =>
        fault.neverHeals ? fault.startSeconds + fault.durationSeconds : [],
      );
      const lastSeconds = Math.max(calmFromSeconds(schedule), movedBySeconds({ schedule, settings: stack.settings }));
      const loadEndMs = Math.max(LOAD_SECONDS, lastSeconds + AFTERWARDS_SECONDS, ...watched) * 1000;
      await advance(loadEndMs);
      clients.stop();
      await advance(loadEndMs + LAST_REQUESTS_MS);
      const unrest = (): string[] => [
        ...watch.unrest(regions, thorough),
        ...stillReplicating(stack, regions).map((region) => `${region} still replicates`),
      ];
      const rest = (): Promise<void> => advance(loadEndMs + REST_LIMIT_MS, () => unrest().length === 0, REST_STEP_MS);
      await rest();
      const audits = await system.audit?.(stack, regions);
      // An audit takes seconds, in which the machinery goes on.
      await rest();
      return { unquiet: unrest(), ...(audits ? { audits } : {}) };
    },
  });
}

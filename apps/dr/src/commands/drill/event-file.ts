// The event log of a run as a file: what ran, what happened, how it ended.
import { findAwsRegion, frontName, type Fault } from '@dr/contracts';
import type { RunningStack, Schedule } from '@dr/drills';
import { fileLines, type LogEnd, type LogHeader } from '@dr/event-log';
import type { Context } from '../../context';
import { provenanceOf } from '../report/provenance';

export interface LoggedRun extends Pick<
  LogHeader,
  'run' | 'clients' | 'populations' | 'requestsPerSecond' | 'objective' | 'predicted' | 'replay' | 'incident'
> {
  readonly stack: RunningStack;
  /** The Terraform JSON that ran. */
  readonly stackFiles: readonly string[];
  /** The text of the declaration, of a system that was declared. */
  readonly declaration?: string | undefined;
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly orders?: Schedule['orders'];
}

export type Outcome = Pick<LogEnd, 'passed' | 'reasons' | 'report'>;

/** What the first line of the file says. */
export function headerOf(context: Context, ran: LoggedRun): Omit<LogHeader, 'kind' | 'schema'> {
  const { stack, stackFiles, declaration, orders = [], ...plan } = ran;
  const { world, domain, routing, settings } = stack;
  const { intervalSeconds, failureThreshold, ttlSeconds } = settings;
  return {
    ...provenanceOf(context, stackFiles, declaration),
    domain,
    regions: world.regions.map(({ name, awsRegion }) => {
      const city = findAwsRegion(awsRegion)?.city;
      return { name, awsRegion, ...(city === undefined ? {} : { city }) };
    }),
    routing: frontName(routing, settings.accelerator),
    settings: { intervalSeconds, failureThreshold, ttlSeconds },
    orders: orders.map(({ order, region, via, atSeconds }) => ({ order, region, via, atSeconds })),
    ...plan,
  };
}

type Header = ReturnType<typeof headerOf>;

/** The lines of the file, each with its newline. */
export function eventFile(header: Header, { world }: RunningStack, outcome: Outcome): Iterable<string> {
  return fileLines(header, world.events, { atMs: world.scheduler.now(), ...outcome });
}

// The event log of a run as a file: what ran, what happened, how it ended.
import { findAwsRegion, type Fault } from '@dr/contracts';
import type { RunningStack, Schedule } from '@dr/drills';
import { fileLines, type LogEnd, type LogHeader } from '@dr/event-log';
import { MAX_TERRAFORM_JSON_BYTES } from '@dr/terraform-json';
import { createHash } from 'node:crypto';
import type { Context } from '../../context';

export interface LoggedRun extends Pick<
  LogHeader,
  'run' | 'clients' | 'requestsPerSecond' | 'objective' | 'predicted' | 'replay'
> {
  readonly stack: RunningStack;
  /** The Terraform JSON that ran. */
  readonly stackFile: string;
  readonly seed: number;
  readonly faults: readonly Fault[];
  readonly orders?: Schedule['orders'];
}

export type Outcome = Pick<LogEnd, 'passed' | 'reasons' | 'report'>;

/** What the first line of the file says. */
export function headerOf(context: Context, ran: LoggedRun): Omit<LogHeader, 'kind' | 'schema'> {
  const { stack, stackFile, orders = [], ...plan } = ran;
  const { world, domain, routing, settings } = stack;
  const { intervalSeconds, failureThreshold, ttlSeconds } = settings;
  return {
    program: `dr ${context.version}`,
    commit: context.processes.commit(),
    writtenAt: context.now().toISOString(),
    domain,
    regions: world.regions.map(({ name, awsRegion }) => {
      const city = findAwsRegion(awsRegion)?.city;
      return { name, awsRegion, ...(city === undefined ? {} : { city }) };
    }),
    routing,
    settings: { intervalSeconds, failureThreshold, ttlSeconds },
    orders: orders.map(({ order, region, via, atSeconds }) => ({ order, region, via, atSeconds })),
    stackSha256: sha256Of(context.processes.readFile('--stack', stackFile, MAX_TERRAFORM_JSON_BYTES)),
    ...plan,
  };
}

/** The lines of the file, each with its newline. */
export function eventFile(context: Context, ran: LoggedRun, outcome: Outcome): Iterable<string> {
  const { events, scheduler } = ran.stack.world;
  return fileLines(headerOf(context, ran), events, { atMs: scheduler.now(), ...outcome });
}

const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

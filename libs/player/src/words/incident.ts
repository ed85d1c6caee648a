// A phase of an incident in words: then, and here.
import type { Meanwhile, ReportedPhase } from '../report/incident';
import { counted, whole } from './figures';

/** `2 h 52 min`, `5 min`, `45 s`. */
export function lengthOf(seconds: number): string {
  if (seconds < 60) return `${seconds} s`;
  const all = Math.round(seconds / 60);
  const [hours, minutes] = [Math.floor(all / 60), all % 60];
  return [hours > 0 ? `${hours} h` : '', minutes > 0 ? `${minutes} min` : ''].filter(Boolean).join(' ');
}

/** How long it was then, and how long it is here; undefined for a phase that is not enacted. */
export function scaleOf({ lastedSeconds, fromSeconds, toSeconds }: ReportedPhase): string | undefined {
  if (fromSeconds === undefined || toSeconds === undefined) return undefined;
  const here = lengthOf(toSeconds - fromSeconds);
  return lastedSeconds === undefined ? `${here} here` : `${lengthOf(lastedSeconds)} then, ${here} here`;
}

export const requestsOf = ({ requests, failed }: Meanwhile): string =>
  `${counted(requests, 'request')}, ${failed === 0 ? 'none' : whole(failed)} failed`;

/** What stands for what. */
export const mappingOf = ({ happenedIn, region }: { readonly happenedIn: string; readonly region: string }): string =>
  `Happened in ${happenedIn}. Here it happens to ${region}; what the system has in us-east-1 stays there.`;

export const SHORTENED =
  'Phases of hours are shortened to minutes, which is as long as a failover and catching up take; causes keep their order.';

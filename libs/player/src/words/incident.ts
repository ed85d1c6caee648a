// A phase of an incident in words: then, and here.
import type { FeltBy, Meanwhile, ReportedPhase } from '../report/incident';
import { POPULATIONS, PROMISED_CLIENTS, type PopulationName } from '@dr/contracts';
import { counted, seconds, whole } from './figures';

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

/** As `who` of the others. */
const PROMISED = PROMISED_CLIENTS.replace(/^clients that /, '');

/** Who felt it, and for how long. */
export function feltBy({ population, clients, affected, worstSeconds }: FeltBy): string {
  const who = population === null ? PROMISED : whoOf(population);
  if (affected === 0) return `Clients that ${who}: none of ${whole(clients)} felt it`;
  const worst = worstSeconds === null ? 'not all were served again' : `${seconds(worstSeconds * 1000)} at worst`;
  return `Clients that ${who}: ${whole(affected)} of ${whole(clients)} felt it, ${worst}`;
}

export const whoOf = (population: string): string =>
  Object.hasOwn(POPULATIONS, population) ? POPULATIONS[population as PopulationName].who : `are of ${population}`;

/** What stands for what. */
export const mappingOf = ({ happenedIn, region }: { readonly happenedIn: string; readonly region: string }): string =>
  `Happened in ${happenedIn}. Here it happens to ${region}; what the system has in us-east-1 stays there.`;

export const SHORTENED =
  'Phases of hours are shortened to minutes, which is as long as a failover and catching up take; causes keep their order.';

// What is asked of a console, in words: before it is asked, and once it is done.
import { aimOf } from '@dr/contracts';
import type { Command, Given, InForce } from '../live/messages';
import { plainSeconds, titled } from './figures';

/** `region-dark of Mumbai`, `lambda-errors of traffic-router in Mumbai`, `link-cut from clients to Mumbai`. */
export function faultName(fault: InForce['fault']): string {
  const { kind, region, from, to } = fault;
  if (from !== undefined || to !== undefined) return `${kind} from ${titled(from ?? '?')} to ${titled(to ?? '?')}`;
  const where = region === undefined || region === '' || kind === 'us-east-1-down' ? '' : titled(region);
  const aim = aimOf(fault);
  if (aim !== undefined) return `${kind} of ${aim}${where && ` in ${where}`}`;
  return where ? `${kind} of ${where}` : kind;
}

export const untilWords = ({ endsAtMs }: InForce): string =>
  endsAtMs === null ? 'until you end it' : `until ${plainSeconds(endsAtMs)}`;

/** What holds until the region is readmitted. */
export const outWords = ({ atMs }: Given['orders'][number]): string =>
  `ordered out of service${atMs === undefined ? '' : ` at ${plainSeconds(atMs)}`}`;

/** With failback by hand. */
export const WAITS = 'has caught up, and waits for this order';

/** Read out when the console has done it. `inForce`: what was, before. */
export function doneWords(command: Command, inForce: readonly InForce[]): string {
  switch (command.do) {
    case 'begin':
      return `${faultName(command.fault)} has begun${command.seconds === undefined ? '' : `, for ${command.seconds} s`}.`;
    case 'end': {
      const ended = inForce.find(({ id }) => id === command.id);
      return ended ? `${faultName(ended.fault)} is over.` : 'The fault is over.';
    }
    case 'end-all':
      return 'All faults are over.';
    case 'pause':
      return 'The run is paused.';
    case 'resume':
      return 'The run goes on.';
    case 'order':
      return `${titled(command.region)} is ordered ${command.order === 'evacuate' ? 'out of service' : 'back into service'}.`;
    case 'speed':
      return `${command.asked} virtual seconds a second.`;
  }
}

// What must hold before a game day, none of which changes anything: who asks, that the others serve, that nothing else runs.
import { InputError } from '@dr/contracts';
import { regionalDomain } from '@dr/contracts/system';
import type { DrConfig, RegionConfig } from '@dr/contracts/system/config';
import type { Context } from '../../context';
import { claimsToServe, stateOf, tableOf, watchHearts } from '../control-view';
import { Refused } from '../operator';
import { checkAccount } from '../preflight/account';
import type { Identity } from '../preflight/reader';
import { healthOf } from './observing';
import type { Network } from './ports';
import { heldAnywhere, type GameDayRecord } from './records';
import { time } from './run';
import { CLOCK_LIMIT_MS } from './timing';

const HEALTHY = 200;

/** Throws InputError for credentials that are missing, or for another account, and for a clock that is wrong. */
export async function checkIdentity(
  context: Context,
  region: RegionConfig,
  account: string | undefined,
): Promise<Identity> {
  const identity = await context.account.identity(region.awsRegion);
  checkAccount(identity, account);
  if (Math.abs(identity.clockAheadMs) > CLOCK_LIMIT_MS) {
    const seconds = Math.round(Math.abs(identity.clockAheadMs) / 1000);
    throw new InputError(
      'the clock of this machine',
      `is ${seconds} s ${identity.clockAheadMs > 0 ? 'ahead of' : 'behind'} AWS, so what ends the fault would not come when promised`,
      'Set the clock, by NTP for one',
    );
  }
  return identity;
}

export const anotherIsHeld = ({ region, fault, overByMs }: GameDayRecord): Refused =>
  new Refused(
    `Another game day is held (${fault} in ${region}), over by ${time(overByMs)}. Nothing was changed; wait, or end it with ` +
      '"dr gameday --stop".',
  );

/** Throws Refused when another game day is held, or a region does not serve. */
export async function checkSystem(
  context: Context,
  config: DrConfig,
  target: RegionConfig,
  network: Network,
): Promise<void> {
  const [via] = config.regions.filter(({ name }) => name !== target.name) as [RegionConfig];
  // Reading the table also ends what an older game day has left behind.
  const { beating, view } = await watchHearts(context, tableOf(context, via));
  const held = await heldAnywhere(context.operator, config);
  if (held) throw anotherIsHeld(held);
  for (const { name } of config.regions) {
    const state = stateOf(view, name);
    if (beating.has(name) && claimsToServe(state)) continue;
    const why = !state ? 'has never run' : !beating.has(name) ? 'has no heartbeat' : `is ${state.state}`;
    const so = name === target.name ? 'there is nothing to take away' : `${target.name} is all there is`;
    throw new Refused(`${name} does not serve (${why}), so ${so}. Nothing was changed; see "dr status".`);
  }
  for (const { name } of config.regions) await checkAnswers(network, regionalDomain(config.domain, name));
}

async function checkAnswers(network: Network, host: string): Promise<void> {
  const status = await healthOf(network, host);
  if (status === HEALTHY) return;
  const says = status === undefined ? 'nobody answers' : `it answers ${status}`;
  throw new Refused(`https://${host}/health was asked from here, and ${says}. Nothing was changed; see "dr status".`);
}

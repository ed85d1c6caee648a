// A region of the applied system is asked to leave service.
import { InputError } from '@dr/contracts';
import { recoveryObjectiveOf, type DrConfig } from '@dr/contracts/system/config';
import { movedSeconds, selectSettings } from '@dr/failover';
import type { Context } from '../context';
import { giveOrder } from './give-order';
import { orderJson } from './order-json';

export interface EvacuateFlags {
  readonly region: string;
  readonly via?: string;
  readonly reason?: string;
  readonly expires: number;
  readonly force?: true;
  readonly json?: true;
}

const MAX_EXPIRES_MINUTES = 7 * 24 * 60;

export async function evacuate(context: Context, { expires, force, json, ...flags }: EvacuateFlags): Promise<number> {
  if (!(expires >= 1 && expires <= MAX_EXPIRES_MINUTES)) {
    const fix = `Give minutes from 1 to ${MAX_EXPIRES_MINUTES} (a week)`;
    throw new InputError(`--expires ${expires}`, 'is out of range', fix);
  }
  const obeyed = await giveOrder(context, {
    ...flags,
    kind: 'evacuate',
    expiresMinutes: expires,
    force: force === true,
  });
  const { order, reason } = obeyed;
  const { region } = flags;
  const withinSeconds = movedWithinSeconds(context.config());
  const expiresAt = new Date(order.expiresAtMs).toISOString();
  if (json) {
    context.out(`${JSON.stringify({ ...orderJson(obeyed), movedWithinSeconds: withinSeconds, expiresAt })}\n`);
    return 0;
  }
  const isByHand = context.config().recovery.failback === 'manual';
  const end = isByHand
    ? `The order ends at ${expiresAt}, and then ${region} waits until it is readmitted. It comes back`
    : `It comes back at ${expiresAt},`;
  context.out(
    `${region} has left service by order ${order.number}: ${reason}. Its health check fails from now on; clients have ` +
      `moved within about ${withinSeconds} s, but for connections that they keep open. ${end} ` +
      `when no other region serves any more, or by: ` +
      `dr readmit --region ${region}\n`,
  );
  return 0;
}

/** Health checks answered 503 at once, then the caches of resolvers, or the accelerator. */
const movedWithinSeconds = (config: DrConfig): number =>
  movedSeconds(selectSettings(recoveryObjectiveOf(config)).settings, 0);

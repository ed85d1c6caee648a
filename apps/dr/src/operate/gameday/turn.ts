// Whose turn a game day is: every region once, month by month, so that none is left out and nobody has to choose.
import { InputError } from '@dr/contracts';
import type { RegionConfig } from '@dr/contracts/system/config';
import type { Context } from '../../context';

/** The region of that month, in UTC. */
export function regionInTurn(regions: readonly RegionConfig[], nowMs: number): RegionConfig {
  const date = new Date(nowMs);
  const months = date.getUTCFullYear() * 12 + date.getUTCMonth();
  return regions[months % regions.length] as RegionConfig;
}

export const withoutRoles = (): InputError =>
  new InputError(
    'dr.config.ts: options.gameDay = false',
    'leaves the stack without the roles that end a fault when this machine cannot',
    'Set it to true and apply',
  );

/** For a schedule: a stack without game days is no failure of its month, and its reason is said. */
export function whoseTurn(context: Context, json: boolean): number {
  const { regions, options } = context.config();
  const nowMs = context.operator.now();
  const month = new Date(nowMs).toISOString().slice(0, 7);
  const { name, awsRegion } = regionInTurn(regions, nowMs);
  const why = options.gameDay ? null : withoutRoles().message;
  const answer = { schema: 1, month, region: why === null ? name : null, why };
  const text = why === null ? `${month}: ${name} (${awsRegion})` : `${month}: no game day. ${why}`;
  context.out(`${json ? JSON.stringify(answer) : text}\n`);
  return 0;
}

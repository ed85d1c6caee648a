// `dr evacuate`: a region is asked to leave service, and does if another one serves.
import { InputError } from '@dr/contracts';
import { recoveryObjectiveOf, type DrConfig } from '@dr/contracts/system/config';
import { predict, selectSettings } from '@dr/failover';
import type { Command } from 'commander';
import type { Context, Run } from '../context';
import { giveOrder } from '../operate/give-order';
import { manual, type ManualPage } from '../terminal/manual';
import { numberOption } from '../terminal/options';

/** Of `dr evacuate` and `dr readmit`. */
export const ORDER_JSON = {
  schema: 'number: 1',
  order: 'number: number of the order',
  kind: 'string: evacuate or readmit',
  region: 'string: the region that has obeyed',
  reason: 'string: in its own words',
  state: 'string: its state after that',
} as const;

/** What both print of an order that was obeyed. */
export const orderJson = ({ order, reason, state }: Awaited<ReturnType<typeof giveOrder>>) => ({
  schema: 1,
  order: order.number,
  kind: order.kind,
  region: order.target,
  reason,
  state: state.state,
});

const PAGE: ManualPage = {
  examples: [
    ['evacuate --region mumbai --reason "kernel patches" --expires 120', 'for two hours, or until it is readmitted'],
    ['evacuate --region mumbai --via singapore', "the order is written into singapore's table"],
  ],
  exits: { 0: 'the region has left service', 1: 'it has not: stderr says why, and what to do' },
  json: {
    ...ORDER_JSON,
    movedWithinSeconds: 'number: clients have moved by then, but for connections that they keep open',
    expiresAt: 'string: when it comes back by itself, ISO 8601',
  },
};

interface EvacuateFlags {
  readonly region: string;
  readonly via?: string;
  readonly reason?: string;
  readonly expires: number;
  readonly force?: true;
  readonly json?: true;
}

/** A working day: a region that was forgotten outside is a system without a second region. */
const DEFAULT_EXPIRES_MINUTES = 480;
const MAX_EXPIRES_MINUTES = 7 * 24 * 60;

export function evacuateCommand(program: Command, run: (run: Run) => void): void {
  manual(program.command('evacuate'), PAGE)
    .description('ask a region of the applied system to leave service; it leaves if another one serves')
    .requiredOption('--region <name>', 'region that leaves')
    .option('--via <name>', 'region whose table takes the order (default: the first other one that answers)')
    .option('--reason <text>', 'kept in the order record')
    .option(
      '--expires <minutes>',
      'the region comes back by itself after that',
      numberOption('expires'),
      DEFAULT_EXPIRES_MINUTES,
    )
    .option(
      '--force',
      'give the order even if no other region is seen to serve from here; the region itself still refuses to be the last',
    )
    .option('--json', 'print one JSON object')
    .action((flags: EvacuateFlags) => run((context) => evacuate(context, flags)));
}

async function evacuate(context: Context, { expires, force, json, ...flags }: EvacuateFlags): Promise<number> {
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
  context.out(
    `${region} has left service by order ${order.number}: ${reason}. Its health check fails from now on; clients have ` +
      `moved within about ${withinSeconds} s, but for connections that they keep open. It comes ` +
      `back at ${expiresAt}, when no other region serves any more, or by: ` +
      `dr readmit --region ${region}\n`,
  );
  return 0;
}

/** Health checks answered 503 at once, then the caches of resolvers. */
function movedWithinSeconds(config: DrConfig): number {
  const { settings } = selectSettings(recoveryObjectiveOf(config));
  return predict(settings, 0).worstDetectionSeconds + settings.ttlSeconds;
}

// `dr readmit`: a region that was ordered out, or that waits with failback by hand, is asked to come back, which it does once it has caught up.
import type { Command } from 'commander';
import type { Context, Run } from '../context';
import { giveOrder } from '../operate/give-order';
import { ORDER_JSON, orderJson } from '../operate/order-json';
import { manual, type ManualPage } from '../terminal/manual';

const PAGE: ManualPage = {
  examples: [
    ['readmit --region mumbai', 'it serves once it has caught up; dr status shows when'],
    ['readmit --region mumbai --via mumbai', "the order is written into mumbai's own table"],
    ['readmit --region mumbai --reason "patches are in"', 'the reason is kept in the order record'],
  ],
  exits: {
    0: 'the region has taken the order',
    1: 'it has not: stderr says why, and what to do',
    2: 'there is nothing to readmit: with recovery.failback manual the region serves, or has not caught up yet; else it comes back by itself. Nothing is written',
  },
  json: { ...ORDER_JSON, serves: 'boolean: it serves already' },
};

interface ReadmitFlags {
  readonly region: string;
  readonly via?: string;
  readonly reason?: string;
  readonly json?: true;
}

/** A readmission has no end; the record's expiry is read of evacuations only. */
const EXPIRES_MINUTES = 60;

export function readmitCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .requiredOption('--region <name>', 'region that comes back')
    .option('--via <name>', 'region whose table takes the order (default: the first other one that answers)')
    .option('--reason <text>', 'kept in the order record')
    .option('--json', 'print one JSON object')
    .action((flags: ReadmitFlags) => run((context) => readmit(context, flags)));
}

async function readmit(context: Context, { json, ...flags }: ReadmitFlags): Promise<number> {
  const obeyed = await giveOrder(context, {
    ...flags,
    kind: 'readmit',
    expiresMinutes: EXPIRES_MINUTES,
    force: false,
  });
  const { order, reason, state } = obeyed;
  const serves = state.state === 'serving';
  if (json) {
    context.out(`${JSON.stringify({ ...orderJson(obeyed), serves })}\n`);
    return 0;
  }
  const wait = context.config().failback.waitForValidation ? ' and a validation run has passed' : '';
  const next = serves
    ? ''
    : ` It serves once the other region's writes have come without a pause for a minute${wait}: dr status shows it.`;
  context.out(`${flags.region} has taken order ${order.number}: ${reason}.${next}\n`);
  return 0;
}

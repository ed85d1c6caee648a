// `dr readmit`: an evacuated region is asked to come back, which it does once it has caught up.
import type { Command } from 'commander';
import type { Context, Run } from '../context';
import { giveOrder } from '../operate/give-order';

interface ReadmitFlags {
  readonly region: string;
  readonly via?: string;
  readonly reason?: string;
}

/** A readmission has no end; the record's expiry is read of evacuations only. */
const EXPIRES_MINUTES = 60;

export function readmitCommand(program: Command, run: (run: Run) => void): void {
  program
    .command('readmit')
    .description('ask an evacuated region of the applied system to come back; it serves once it has caught up')
    .requiredOption('--region <name>', 'region that comes back')
    .option('--via <name>', 'region whose table takes the order (default: the first other one that answers)')
    .option('--reason <text>', 'kept in the order record')
    .action((flags: ReadmitFlags) => run((context) => readmit(context, flags)));
}

async function readmit(context: Context, flags: ReadmitFlags): Promise<number> {
  const { order, reason, state } = await giveOrder(context, {
    ...flags,
    kind: 'readmit',
    expiresMinutes: EXPIRES_MINUTES,
    force: false,
  });
  const wait = context.config().failback.waitForValidation ? ' and a validation run has passed' : '';
  const next =
    state.state === 'serving'
      ? ''
      : ` It serves once the other region's writes have come without a pause for a minute${wait}: dr status shows it.`;
  context.out(`${flags.region} has taken order ${order.number}: ${reason}.${next}\n`);
  return 0;
}

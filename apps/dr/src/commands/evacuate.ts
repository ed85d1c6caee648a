// `dr evacuate`: a region is asked to leave service, and does if another one serves.
import type { Command } from 'commander';
import type { Run } from '../context';
import type { EvacuateFlags } from '../operate/evacuate';
import { ORDER_JSON } from '../operate/order-json';
import { manual, type ManualPage } from '../terminal/manual';
import { numberOption } from '../terminal/options';

const PAGE: ManualPage = {
  examples: [
    ['evacuate --region mumbai --reason "kernel patches" --expires 120', 'for two hours, or until it is readmitted'],
    ['evacuate --region mumbai --via singapore', "the order is written into singapore's table"],
  ],
  exits: { 0: 'the region has left service', 1: 'it has not: stderr says why, and what to do' },
  json: {
    ...ORDER_JSON,
    movedWithinSeconds: 'number: clients have moved by then, but for connections that they keep open',
    expiresAt:
      'string: when the order ends, ISO 8601: it comes back by itself then, or waits (recovery.failback manual)',
  },
};

/** A working day: a region that was forgotten outside is a system without a second region. */
const DEFAULT_EXPIRES_MINUTES = 480;

export function evacuateCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .requiredOption('--region <name>', 'region that leaves')
    .option('--via <name>', 'region whose table takes the order (default: the first other one that answers)')
    .option('--reason <text>', 'kept in the order record')
    .option(
      '--expires <minutes>',
      'the region comes back by itself after that; with recovery.failback manual it waits for dr readmit',
      numberOption('expires'),
      DEFAULT_EXPIRES_MINUTES,
    )
    .option(
      '--force',
      'give the order even if no other region is seen to serve from here; the region itself still refuses to be the last',
    )
    .option('--json', 'print one JSON object')
    .action((flags: EvacuateFlags) =>
      run(async (context) => (await import('../operate/evacuate')).evacuate(context, flags)),
    );
}

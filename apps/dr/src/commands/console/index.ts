// `dr console`: the regions live on this machine, in real time or faster, until Ctrl-C. A page to look at and to break things, and
// sockets for curl, dig and the AWS command line.
import { DEFAULT_POPULATIONS, parsePopulations, populationsText, ROUTINGS } from '@dr/contracts';
import type { Command } from 'commander';
import type { Run } from '../../context';
import { manual, type ManualPage } from '../../terminal/manual';
import { numberOption, OBJECTIVE, oneOf, seedOption } from '../../terminal/options';
import { ENDPOINTS_JSON } from './json-shape';
import type { ConsoleFlags } from './start';

const PAGE: ManualPage = {
  examples: [
    ['console', 'at 10 x: open the page, break a region, watch its clients move'],
    ['console --speed 1 --rate 5', 'in real time, with fewer requests'],
    ['console --populations keeps=0.5', 'half as many clients again, which keep their connections'],
    ['console --regions 3 --open', 'three regions; the page in your browser'],
    ['console --events console.jsonl', 'keeps the event log, for dr report'],
    ['console --stack cdk.tf.json --port 9000', 'any synthesized stack; ports from 9000 on'],
  ],
  exits: { 0: 'never: it goes on until a signal ends it' },
  json: ENDPOINTS_JSON,
};

const DEFAULT_PORT = 8_080;
const DEFAULT_SPEED = 10;

export function consoleCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .option(
      '--port <number>',
      'of the page, and others from there on; one that is taken: the next free; 0: any',
      numberOption('port'),
      DEFAULT_PORT,
    )
    .option(
      '--speed <factor>',
      'virtual seconds a second, 0.1 to 100; the page can change it',
      numberOption('speed'),
      DEFAULT_SPEED,
    )
    .option(
      '--regions <count>',
      'in so many regions, 2 to 4: those of dr.config.ts, and the nearest others',
      numberOption('regions'),
    )
    .option(
      '--routing <policy>',
      `how Route 53 answers: ${ROUTINGS.join(', ')} (default: dr.config.ts)`,
      oneOf('routing', ROUTINGS),
    )
    .option('--rto <seconds>', OBJECTIVE, numberOption('rto'))
    .option('--stack <file>', 'a synthesized cdk.tf.json (default: that of dr.config.ts)')
    .option('--seed <number>', 'seed of everything random', seedOption, 1)
    .option('--clients <count>', 'clients in all (default: 200)', numberOption('clients'))
    .option('--rate <per second>', 'requests a second of all clients (default: 20)', numberOption('rate'))
    .option(
      '--populations <shares>',
      `clients beside them that the promise is not about, as shares of --clients, or none (default: ${populationsText(DEFAULT_POPULATIONS)})`,
      (text: string) => parsePopulations(text),
    )
    .option('--events <file>', 'write the event log as JSON lines when it ends (docs/event-log.md)')
    .option('--open', 'show the page in your browser')
    .option('--json', 'print the addresses as one JSON object')
    .action((flags: ConsoleFlags) => run(async (context) => (await import('./start')).startConsole(context, flags)));
}

// The options of `dr drill` that ask for something other than the drill of one fault, each for a mode.
import { INCIDENTS } from '@dr/drills/incidents';
import type { Command } from 'commander';
import { numberOption, oneOf } from '../../terminal/options';

const NAMES = INCIDENTS.map(({ name }) => name);
/** In the place of an incident's name: says what each is. */
export const LIST = 'list';
/** What a sweep is of where nothing else is said. */
export const SWEPT_FAULT = 'gray';

export const modeOptions = (command: Command): Command =>
  command
    .option('--schedule <file>', 'run the faults and orders of a JSON file instead of one fault')
    .option(
      '--incident <name>',
      `enact a public incident, with --region in the place of the one that was struck: ${NAMES.join(', ')}; ${LIST}: what each is`,
      oneOf('incident', [...NAMES, LIST]),
    )
    .option('--seeds <count>', 'search: run this many random schedules, beginning with --seed', numberOption('seeds'))
    .option('--first-start', 'apply the stack to an empty account instead: it must page nobody and record no incident')
    .option('--faults <matrix>', 'run every class of fault once and print the table', oneOf('faults', ['matrix']))
    .option(
      '--sweep',
      `drill a fault over shares of the calls that it strikes, 5 to 100 % (default fault: ${SWEPT_FAULT}), and find the share below which nothing fails over`,
    );

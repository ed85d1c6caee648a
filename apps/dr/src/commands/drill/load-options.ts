// The options of `dr drill` that say who asks the regions, how often, and what AWS lets them use.
import { DEFAULT_POPULATIONS, parsePopulations, populationsText } from '@dr/contracts';
import type { Command } from 'commander';
import { numberOption } from '../../terminal/options';

export const loadOptions = (command: Command): Command =>
  command
    .option(
      '--clients <count>',
      'clients in all (default: 200; with --load: as many as simulated requests a second)',
      numberOption('clients'),
    )
    .option('--rate <per second>', 'requests a second of all clients (default: 20)', numberOption('rate'))
    .option(
      '--populations <shares>',
      `clients beside them that the promise is not about, as shares of --clients, or none (default: ${populationsText(DEFAULT_POPULATIONS)}; with --load: none)`,
      (text: string) => parsePopulations(text),
    )
    .option(
      '--load <per second>',
      'requests a second of each region that the drill stands for: also says what AWS throttles of them',
      numberOption('load'),
    )
    .option(
      '--per-request <count>',
      'real requests that one simulated request stands for (default: so that a region simulates 100 a second, 100 at most)',
      numberOption('per-request'),
    )
    .option(
      '--peak <per second>',
      'the highest load of each region that tables have had (default: as --load; 0: new tables)',
      numberOption('peak'),
    )
    .option(
      '--quota <count>',
      'executions at once that the account may have in a region (default: dr.config.ts, or 1,000)',
      numberOption('quota'),
    );

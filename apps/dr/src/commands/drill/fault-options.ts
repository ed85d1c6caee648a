// The options of `dr drill` that say which fault strikes, where and how.
import { AWS_ENDPOINTS } from '@dr/contracts';
import type { Command } from 'commander';
import { numberOption } from '../../terminal/options';

/** Returns the command. */
export const faultOptions = (command: Command): Command =>
  command
    .option(
      '--region <name>',
      'region that the fault hits (default: the first one; of the stack of another team: each)',
    )
    .option('--duration <seconds>', 'length of the fault (default: 300)', numberOption('duration'))
    .option(
      '--fault <kind>',
      'what happens to the region (default: region-dark; of the stack of another team: region-dark, then app-errors)',
    )
    .option('--function <name>', 'function that a lambda-* or bad-deploy fault hits (default: traffic-router)')
    .option('--service <name>', `AWS endpoint that dns-empty hits: ${AWS_ENDPOINTS.join(', ')} (default: dynamodb)`)
    .option(
      '--zones <count>',
      'zones that zone-dark takes (default: 1; all, where there are fewer)',
      numberOption('zones'),
    )
    .option(
      '--intensity <share>',
      'share of its calls that a fault strikes, above 0, up to 1 (default: 0.3 of gray and sns-disorder, else 1)',
      numberOption('intensity'),
    )
    .option(
      '--never-heals',
      'the region is gone for good: what is lost with it, what cannot be changed, and the plan to be redundant again',
    )
    .option(
      '--table-gb <gb>',
      'with --never-heals: size of the table that a new replica is filled from (default: 1)',
      numberOption('table-gb'),
    );

// `dr objectives`: the arithmetic of the recovery-time objective, every choice of settings with what it costs, and which one is selected.
import { ROUTINGS, WORST_CLIENT } from '@dr/contracts';
import type { Command } from 'commander';
import type { Run } from '../../context';
import { manual, under, type JsonShape, type ManualPage } from '../../terminal/manual';
import { numberOption } from '../../terminal/options';
import type { ObjectivesFlags } from './run';

const CHOICE: JsonShape = {
  intervalSeconds: 'number: of the health checks',
  failureThreshold: 'number: probes in a row that must fail',
  ttlSeconds: 'number: how long resolvers keep an answer',
  recordType: 'string: alias or cname',
  worstDetectionSeconds: 'number: threshold x (interval + probe)',
  worstClientSeconds: 'number: detection + TTL + client wait',
  monthlyUsd: 'number: fast interval, invocations by probes, DNS queries',
  'accelerator.intervalSeconds?': 'number: between two checks of a target, where an accelerator goes by them',
  'accelerator.unhealthyThreshold?': 'number: failures in a row',
  'accelerator.timeoutSeconds?': 'number: of a check',
  'accelerator.healthyThreshold?': 'number: successes in a row',
  meets: `boolean: the ${WORST_CLIENT} is within the objective`,
  allowed: 'boolean: the explicit settings in dr.config.ts leave it open',
};

const PAGE: ManualPage = {
  examples: [
    ['objectives', 'the settings that dr.config.ts selects, and what others would give and cost'],
    ['objectives --rto 120', 'the same for another objective; nothing is changed'],
    ['objectives --rto 10', 'an objective that cannot be met: what could be, exit code 1'],
    ['objectives --json', 'every choice as data'],
  ],
  exits: { 0: 'the objective can be met', 1: 'it cannot: the report says what could' },
  json: {
    schema: 'number: 1',
    met: 'boolean: whether a choice that is open meets the objective',
    'objective.rtoSeconds':
      'number: worst time without service of a client that honours the TTL and opens a new connection',
    'objective.rpoSeconds':
      'number: age of the oldest write that a loss may put at risk; no setting of Route 53 changes it',
    'objective.domain': 'string: the name that clients use',
    'objective.apex': 'boolean: the domain is the zone itself, so only an alias is possible',
    'objective.frontDoor': 'string: dns or global-accelerator',
    'objective.routing': `string: ${ROUTINGS.join(', ')}`,
    'objective.regions': 'number: endpoints that are checked',
    'objective.resolvers': 'number: resolvers that keep asking, for the cost of queries',
    'objective.overrides.*?': 'number: explicit settings, from `recovery` in dr.config.ts',
    probeSeconds: 'number: what a probe takes that nothing answers',
    clientWaitSeconds: 'number: [A] time-out, pause and retry of a client',
    selected: 'object | null: the choice that is selected; null when none meets the objective',
    ...under('selected', CHOICE, '?'),
    arithmetic: 'string: the sum of the choice that is selected, or of the nearest one',
    why: 'list: sentences, why this choice or why none',
    'why[]': 'string: a sentence',
    couldMeet: 'list: what would meet the objective, or come nearest, when nothing does; empty when it is met',
    'couldMeet[]?': 'string: a sentence',
    warnings: 'list: what to know of the choice',
    'warnings[]?': 'string: a sentence',
    choices: 'list: every choice, slowest first',
    ...under('choices[]', CHOICE),
  },
};

export function objectivesCommand(command: Command, run: (run: Run) => void): void {
  manual(command, PAGE)
    .option(
      '--rto <seconds>',
      `another objective: seconds for the ${WORST_CLIENT} (default: dr.config.ts)`,
      numberOption('rto'),
    )
    .option('--json', 'print one JSON object')
    .action((flags: ObjectivesFlags) => run(async (context) => (await import('./run')).objectives(context, flags)));
}

// What `dr gameday --json` prints, and keeps in its file.
import { WORST_CLIENT } from '@dr/contracts';
import { SETTINGS } from '../../commands/report/json-shape';
import { under, type JsonShape } from '../../terminal/manual';

const RTO: JsonShape = {
  clientsAffected: 'number: clients that had a failure',
  p50Seconds: 'number: without service, median',
  p95Seconds: 'number: 95 of 100 clients had no more',
  worstSeconds: 'number: the longest that one of them had',
};

const POPULATION: JsonShape = {
  clients: 'number: clients of this kind',
  requests: 'number: they sent',
  failed: 'number: of them',
  rto: 'object | null: null when no client was affected',
  ...under('rto', RTO),
  notBeforeHeal: 'number: clients that recovered only when the fault was over, or never',
};

export const GAME_DAY_JSON: JsonShape = {
  schema: 'number: 1',
  kind: 'string: game-day',
  name: 'string: system and time',
  system: 'string: system in dr.config.ts',
  domain: 'string: the name that clients used',
  account: 'string: AWS account',
  by: 'string: ARN of whoever held it',
  where: 'string: aws, or emulated when AWS_ENDPOINT_URL leads elsewhere',
  endpoint: 'string | null: where it leads',
  region: 'string: the region that was lost',
  awsRegion: 'string: its AWS id',
  fault: 'string: alb-dark, lambda-throttled or network',
  durationSeconds: 'number: length that was asked for',
  startedAt: 'string: ISO 8601',
  faultAt: 'string | null: null when there was none',
  healedAt: 'string | null: the same',
  undoneBy: 'string | null: dr or aws',
  'objective.rtoSeconds': 'number: in dr.config.ts',
  'predicted.worstDetectionSeconds': 'number: computed',
  'predicted.worstClientSeconds': `number: computed, for the ${WORST_CLIENT}`,
  'twin.fault': 'string: the same fault on the twin',
  'twin.passed': 'boolean: verdict of that drill',
  'twin.rto': 'object | null: simulated',
  ...under('twin.rto', RTO, '?'),
  'twin.replay': 'string: command that repeats it',
  'twin.eventLogHash': 'string: SHA-256',
  measured: 'object | null: by clients of this process; null when it was interrupted',
  ...under('measured.newConnections', POPULATION, '?'),
  ...under('measured.keptConnections', POPULATION, '?'),
  'measured.backAfterSeconds?':
    'number | null: from the end of the fault until the region was healthy; null is not in time',
  passed: 'boolean: verdict',
  'reasons[]?': 'string: why it did not pass',
  program: 'string: what held it, and its version',
  commit: 'string: of the project',
  checkout: 'string: clean, changed or unknown: whether the files that git knows were as in the commit',
  'configSha256?': 'string: SHA-256 of dr.config.ts as it was read',
  stackSha256: 'string: SHA-256 of the Terraform JSON that ran on the twin',
  ...under('settings', SETTINGS),
};

// What `dr status --json` prints.
import { under, type JsonShape } from '../../terminal/manual';

/** What AWS said, or why it is not known. */
const fact = (known: JsonShape): JsonShape => ({
  ...known,
  unknown: 'string: why nothing is known of it',
  toDo: 'string | null: what to do about that',
});

const ALERTS = fact({
  'known.people[].protocol': 'string: email or sms',
  'known.people[].endpoint': 'string: the address',
  'known.people[].state': 'string: confirmed, pending or absent',
  'known.functions': 'number: functions that are told',
  'known.others': 'number: subscriptions that dr.config.ts does not know',
});

const OF_AWS: JsonShape = {
  awsRegion: 'string: AWS id',
  ...under(
    'health',
    fact({ 'known.status': 'number: HTTP status of /health', 'known.reason': 'string | null: of a 503' }),
  ),
  ...under(
    'healthCheck',
    fact({
      known: 'object | null: null without a check',
      'known.healthy': 'number: checkers that find it healthy',
      'known.checkers': 'number: checkers that reported',
      'known.isHealthy': 'boolean: by the share that Route 53 asks for',
      'known.failure': 'string | null: what most of the others report',
    }),
  ),
  ...under(
    'targets',
    fact({
      'known.*': 'list | null: by target group; null without the group',
      'known.*[].state': 'string: healthy, unhealthy, initial, unavailable ...',
      'known.*[].reason': "string | null: AWS's code",
    }),
  ),
  ...under(
    'functions',
    fact({
      'known.*.invocations': 'number: by function, of the last 10 minutes',
      'known.*.errors': 'number: of them',
      'known.*.throttles': 'number: beside them',
    }),
  ),
  ...under(
    'table',
    fact({
      'known.status': 'string: ACTIVE, UPDATING ...',
      'known.items': 'number: AWS counts every six hours or so',
      'known.replicas[].region': 'string: other region',
      'known.replicas[].status': 'string: ACTIVE ...',
      'known.replicas[].lagMs': 'number | null: null when nothing was written lately',
    }),
  ),
  ...under('alerts', ALERTS),
};

export const STATUS_JSON: JsonShape = {
  schema: 'number: 1',
  'regions[].region': 'string: name in dr.config.ts',
  'regions[].tableAnswers': 'boolean: its replica of the table',
  'regions[].beats': 'boolean: its heartbeat was seen to change',
  'regions[].state': 'string | null: its own record; null when there is none',
  'regions[].waitingSince': 'string | null: it has caught up and waits for dr readmit since then, ISO 8601',
  'regions[].reached': 'boolean: health checks reach it',
  'regions[].serves': 'boolean: all of this, and it is not leaving',
  'regions[].leavingByOrder': 'number | null: number of the order',
  'regions[].openOrder': 'object | null: an order that it has not decided',
  'regions[].openOrder.number?': 'number: of the order',
  'regions[].openOrder.kind?': 'string: evacuate or readmit',
  'regions[].openOrder.by?': 'string: region that took it',
  'regions[].lastOrder': 'any: the order that it decided last, or null',
  ...under('regions[]', OF_AWS, '?'),
  ...under('global', { awsRegion: 'string: where the alarms of Route 53 are', ...under('alerts', ALERTS) }, '?'),
};

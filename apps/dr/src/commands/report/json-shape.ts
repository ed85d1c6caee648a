// The JSON that stands beside a report, by what the report is of.
import { PROMISED_CLIENT, WORST_CLIENT } from '@dr/contracts';
import { AFTERMATH } from '../drill/aftermath-shape';
import { CAPACITY } from '../drill/capacity-shape';
import { under, type JsonShape } from '../../terminal/manual';

const HEAD: JsonShape = {
  schema: 'number: 1; keys may be added, never removed or renamed',
  kind: 'string: report',
  of: 'string: run, drills, game-day or review',
  passed:
    'boolean | null: null: nobody knows, as of a log that was cut off, or of values that are known after an apply alone',
  tag: 'string: the verdict in a word',
  headline: 'string: the verdict in a sentence or two',
  'reasons[]?': 'string: why it did not pass',
  'provenance.program': 'string | null: what ran it, and its version; null here and below: not recorded',
  'provenance.commit': 'string | null: of the project',
  'provenance.checkout':
    'string | null: clean, changed or unknown: whether the files that git knows were as in the commit',
  'provenance.writtenAt': 'string | null: ISO 8601, UTC',
  'provenance.configSha256': 'string | null: SHA-256 of dr.config.ts as it was read',
  'provenance.stackSha256': 'string | null: SHA-256 of the Terraform JSON that ran',
  replay: 'string | null: command that repeats it',
  'assumptions[]?': 'string: of the twin, in the order of their weight; of a review, of its answers',
};

export const SETTINGS: JsonShape = {
  'regions[].name': 'string: as in dr.config.ts',
  'regions[].awsRegion': 'string: AWS id',
  routing: 'string: policy of the records',
  intervalSeconds: 'number: of the health checks',
  failureThreshold: 'number: probes in a row that must fail',
  ttlSeconds: 'number: of the records',
  objective: 'object | null: null where it was held to none',
  'objective.rtoSeconds?': `number: for the ${WORST_CLIENT}`,
  'objective.rpoSeconds?': 'number: for the oldest write at risk',
};

const OBJECTIVES: JsonShape = Object.assign(
  { 'what?': 'string: a row of the table of objectives', 'note?': 'string: what is meant by it' },
  ...['objective', 'predicted', 'simulated', 'measured'].map((column) => ({
    [`shown.${column}?`]: 'string: as the page shows it',
    [`seconds.${column}?`]: 'number: the same, where it is a time',
  })),
  { 'met?': 'boolean: by what AWS has shown, or else the twin' },
) as JsonShape;

const MEANWHILE: JsonShape = {
  'events[].atSeconds?': 'number: virtual time',
  'events[].text?': 'string: what the twin did',
  requests: 'number: of clients, that ended then',
  failed: 'number: of them',
};

/** A public incident, beside what the twin did. */
export const INCIDENT: JsonShape = {
  name: 'string: as in --incident',
  title: 'string: for people',
  date: 'string: when it happened',
  happenedIn: 'string: where',
  region: 'string: the region that stands for it',
  look: 'string: what the system can do about it',
  'sources[].title': 'string: a public account',
  'sources[].url': 'string: its address',
  'phases[].when': 'string: as the source says it',
  'phases[].what': 'string: what happened',
  'phases[].by[]': 'number: who says so: a place in the sources, from 1',
  'phases[].lastedSeconds?': 'number: how long it lasted then',
  'phases[].unconfirmed?': 'string: what no source that was read confirms',
  'phases[].fromSeconds?': 'number: virtual time, of a phase that is enacted',
  'phases[].toSeconds?': 'number: likewise',
  'phases[].enacted?': 'string: faults and orders',
  'phases[].assumed?': 'string: what of that is an assumption',
  'phases[].notEnacted?': 'string: why it is not',
  ...under('phases[].meanwhile', MEANWHILE, '?'),
  'clients[].population?': 'string | null: clients that the promise is not about; null: those that it is about',
  'clients[].clients?': 'number: of them',
  'clients[].affected?': 'number: that had a failure',
  'clients[].worstSeconds?':
    'number | null: to the last of them that was served again; null: none was affected, or one never was',
  ...under('afterwards', MEANWHILE, '?'),
};

export const POPULATION: JsonShape = {
  name: 'string: keeps, stretches or far: clients that the promise is not about; all else is of the others',
  clients: 'number: of them',
  'requests.total': 'number: of them, in no other total',
  'requests.failed': 'number: of those',
  rto: 'object | null: as rto; null when none of them was affected',
  'rto.clientsAffected?': 'number: of them that had a failure',
  'rto.p50Seconds?': 'number: without service, median',
  'rto.p95Seconds?': 'number: 95 of 100 had no more',
  'rto.worstSeconds?': 'number: the worst of them',
  recoveredLate: 'number: served again only once the fault was over, or never',
  boundSeconds: 'number | null: computed, for the worst of them; null where nothing follows from the settings',
  'keepAlive.seconds?': 'number: of keeps: age at which a connection ends',
  'keepAlive.defaultSeconds?': 'number: the same, with the default of AWS',
  'keepAlive.boundAtDefaultSeconds?': 'number | null: computed: the bound with that',
};

const RUN: JsonShape = {
  run: 'string: drill, schedule, first-start or live',
  complete: 'boolean: the log has its last line',
  seed: 'number: of everything random',
  domain: 'string: name that the clients ask for',
  ...under('settings', SETTINGS),
  clients: 'number: clients in all',
  requests: 'number: of clients',
  'homes[]?': 'string: regions that clients are near to',
  ...under('objectives[]', OBJECTIVES, '?'),
  'faults[].kind?': 'string: as in --fault',
  'faults[].region?': 'string: that it hit',
  'faults[].startSeconds?': 'number: virtual time',
  'faults[].endSeconds?': 'number | null: null: not over',
  'first.failingProbeSeconds': 'number | null: since the first fault; null: there was none',
  'first.messageSeconds': 'number | null: first message to people, likewise',
  'first.dnsMovedSeconds': 'number | null: first change of an answer, likewise',
  'hurt.clients': 'number: clients that failed',
  'hurt.worstSeconds': `number | null: until the last ${PROMISED_CLIENT} was served again; null: none failed, or one never was`,
  'hurt.neverRecovered': 'number: clients',
  ...under('populations[]', POPULATION, '?'),
  'invariants[].id?': 'string: name',
  'invariants[].holds?': 'boolean: verdict',
  'invariants[].detail?': 'string: what it was judged by',
  'capacity?': 'object: of the load that the run stood for, with the limits that throttled or came close',
  ...under('capacity', CAPACITY, '?'),
  'aftermath?': 'object: of a region that is gone for good',
  ...under('aftermath', AFTERMATH, '?'),
  'messages[].atSeconds?': 'number: virtual time',
  'messages[].afterSeconds?': 'number: since the first fault',
  'messages[].fromRegion?': 'string: where it was sent',
  'messages[].subject?': 'string: of the message',
  eventsSha256: 'string | null: of the events; null: the log was cut off',
  events: 'number: in the log',
  virtualSeconds: 'number: simulated',
  'notKnown[]?': 'string: what the twin does not model of the stack, or does not know of it',
  ...under('incident', INCIDENT, '?'),
};

/** Files that hold JSON, by their title in the manual. */
export const REPORT_FILES = {
  'FILE.json beside a report': {
    ...HEAD,
    'run?': 'object: of a run',
    ...under('run', RUN, '?'),
    'former.name?': 'string: a former run that it is held against',
    'former.differences[]?': 'object: as `--json` prints them',
    'drills?': 'object: of many runs, as `dr drill --seeds N --json` prints it',
    ...under('objectives[]', OBJECTIVES, '?'),
    'gameDay?': 'object: of a game day, its record as `dr gameday --json` prints it',
    'files[].path?': 'string: of a review, a file that was read',
    'files[].sha256?': 'string: of its text',
    'review?': 'object: of a review, as `dr review --json` prints it',
  },
} as const satisfies Readonly<Record<string, JsonShape>>;

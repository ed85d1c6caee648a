// The questions of `dr init`: each explains itself, has a default, and turns its answer into a config that the schema has read.
import { AWS_REGIONS, InputError, ROUTING_POLICIES, ROUTINGS, shortNameOf } from '@dr/contracts';
import { parseConfig, recoveryObjectiveOf, type DrConfig, type DrConfigInput } from '@dr/contracts/system/config';
import { choicesFor, selectSettings } from '@dr/failover';

/** What the questions are about. The rest of a config keeps its defaults. */
export type Answers = Pick<DrConfigInput, 'system' | 'zone' | 'domain' | 'routing'> & {
  readonly regions: DrConfig['regions'];
  readonly objectives: DrConfig['objectives'];
  readonly alerts: DrConfig['alerts'];
};

export interface Question {
  /** The option that answers it. */
  readonly option: 'system' | 'zone' | 'domain' | 'regions' | 'rto' | 'rpo' | 'routing' | 'alerts';
  readonly placeholder: string;
  readonly title: string;
  readonly explanation: string;
  /** As it would be typed. */
  standard(before: Answers): string;
  /** What the answers are with this one. */
  take(before: Answers, text: string): Answers;
  /** Beside the schema. Throws InputError. */
  check?(config: DrConfig): void;
}

/** Those of dr.config.ts as it comes, but for the address of its team. */
export const STANDARD: Answers = {
  system: 'dr',
  zone: 'example.com',
  domain: 'app.example.com',
  regions: [
    { name: 'mumbai', awsRegion: 'ap-south-1' },
    { name: 'singapore', awsRegion: 'ap-southeast-1' },
  ],
  objectives: { rtoSeconds: 60, rpoSeconds: 5, requestsPerSecond: 100, monthlyBudgetUsd: 100 },
  routing: 'latency',
  alerts: { emails: [], sms: [] },
};

const NONE = 'none';

export const QUESTIONS: readonly Question[] = [
  {
    option: 'system',
    placeholder: 'name',
    title: 'Name of the system',
    explanation:
      'The names of all its resources begin with it. 2 to 15 lower-case letters and digits, beginning with a letter. It cannot be changed ' +
      'once the system is applied without making everything anew.',
    standard: ({ system }) => system,
    take: (before, system) => ({ ...before, system }),
  },
  {
    option: 'zone',
    placeholder: 'name',
    title: 'Hosted zone',
    explanation:
      'The DNS zone in Route 53 that holds the records. example.com is good for drills; a deployment needs a zone of your own.',
    standard: ({ zone }) => zone,
    take: (before, zone) => (zone === before.zone ? before : { ...before, zone, domain: `app.${zone}` }),
  },
  {
    option: 'domain',
    placeholder: 'name',
    title: 'Domain',
    explanation:
      'The name that clients use, in that zone. The zone itself is possible, but then its TTL is 60 s and the objective no less than 79 s.',
    standard: ({ domain }) => domain,
    take: (before, domain) => ({ ...before, domain }),
  },
  {
    option: 'regions',
    placeholder: 'list',
    title: 'Regions',
    explanation:
      `Two to four, separated by commas, each by its AWS id or its city, or as NAME=ID. All of them serve; clients of one that is lost move to the others. ` +
      `Known: ${AWS_REGIONS.map((region) => `${region.id} (${shortNameOf(region)})`).join(', ')}.`,
    standard: ({ regions }) => regions.map(({ name, awsRegion }) => `${name}=${awsRegion}`).join(','),
    take: (before, text) => ({ ...before, regions: listOf(text).map(regionOf) }),
  },
  {
    option: 'rto',
    placeholder: 'seconds',
    title: 'RTO, seconds',
    explanation:
      'The longest time without service of a client that honours the TTL and opens a new connection. It selects interval and threshold of ' +
      'the health checks and the TTL: less costs more (dr objectives shows the table).',
    standard: reachable,
    take: (before, text) => ({ ...before, objectives: { ...before.objectives, rtoSeconds: numberIn(text) } }),
    check: (config) => void selectSettings(recoveryObjectiveOf(config)),
  },
  {
    option: 'rpo',
    placeholder: 'seconds',
    title: 'RPO, seconds',
    explanation:
      'The age of the oldest acknowledged write that the loss of a region may put at risk. Replication between regions is asynchronous, so 0 ' +
      'is not possible; the drill says what it would be.',
    standard: ({ objectives }) => String(objectives.rpoSeconds),
    take: (before, text) => ({ ...before, objectives: { ...before.objectives, rpoSeconds: numberIn(text) } }),
  },
  {
    option: 'routing',
    placeholder: 'policy',
    title: 'Routing',
    explanation: ROUTINGS.map((routing) => `${routing}: ${ROUTING_POLICIES[routing].meaning}.`).join(' '),
    standard: ({ routing = 'latency' }) => routing,
    take: (before, routing) => ({ ...before, routing: routing as Answers['routing'] }),
  },
  {
    option: 'alerts',
    placeholder: 'list',
    title: 'Alert addresses',
    explanation:
      'E-mail addresses, and phone numbers such as +919812345678, separated by commas. They are told of failovers and alarms. An e-mail address ' +
      `must confirm before it gets anything. ${NONE}: nobody is told.`,
    standard: ({ alerts: { emails, sms } }) => [...emails, ...sms].join(',') || NONE,
    take: (before, text) => ({ ...before, alerts: addressesIn(text) }),
  },
];

/**
 * The answers with this one. Throws InputError that begins with `source`, what the answer came by, for one that the schema of dr.config.ts or
 * the synthesis would refuse.
 */
export function answered(question: Question, before: Answers, text: string, source: string): Answers {
  try {
    const after = question.take(before, text.trim());
    const config = parseConfig(after);
    question.check?.(config);
    return after;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // Of a list, which element it is.
    const element = question.placeholder === 'list' ? /^dr\.config\.ts: (\w+[.[].*)/.exec(error.what)?.[1] : undefined;
    const why = element === undefined ? error.why : `${element} ${error.why}`;
    throw new InputError(`${source} "${text}"`, why, error.fix, { cause: error });
  }
}

/** Whole lists, empty elements and all: the schema has a word for them. */
const listOf = (text: string): string[] => text.split(',').map((one) => one.trim());

function regionOf(text: string): DrConfig['regions'][number] {
  const at = text.indexOf('=');
  const wanted = text.slice(at + 1).trim();
  const known = AWS_REGIONS.find((region) => region.id === wanted || shortNameOf(region) === wanted.toLowerCase());
  const name = at < 0 ? (known ? shortNameOf(known) : 'region') : text.slice(0, at).trim();
  return { name, awsRegion: known?.id ?? wanted };
}

function addressesIn(text: string): Answers['alerts'] {
  const all = text.toLowerCase() === NONE ? [] : listOf(text);
  const isPhone = (address: string): boolean => /^[+\d]/.test(address) && !address.includes('@');
  return { emails: all.filter((one) => !isPhone(one)), sms: all.filter(isPhone) };
}

function numberIn(text: string): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (Number.isFinite(value)) return value;
  throw new InputError(text, 'is not a number', 'Give seconds, such as 60');
}

/** The objective so far, or the least that threshold 3 reaches at such a domain. */
function reachable(before: Answers): string {
  const objective = recoveryObjectiveOf(parseConfig(before));
  const steady = choicesFor(objective).filter(({ failureThreshold }) => failureThreshold === 3);
  const least = Math.min(...steady.map(({ worstClientSeconds }) => worstClientSeconds));
  return String(Math.max(objective.rtoSeconds, least));
}

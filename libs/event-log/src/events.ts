// The kinds of event of a run, and what each field says. Types, docs/event-log.md and its JSON Schema all follow from here.
import { AWS_ENDPOINTS, type FaultKind } from '@dr/contracts';
import * as z from 'zod';

const text = (meaning: string) => z.string().describe(meaning);
const number = (meaning: string) => z.number().describe(meaning);
const truth = (meaning: string) => z.boolean().describe(meaning);
const oneOf = <const T extends readonly [string, ...string[]]>(values: T, meaning: string) =>
  z.enum(values).describe(meaning);
const record = (meaning: string) => z.record(z.string(), z.unknown()).readonly().describe(meaning);

const region = text('region where it happened');
const functionName = text('function, by the name that the stack gives it');
const alarmState = (meaning: string) => oneOf(['OK', 'ALARM', 'INSUFFICIENT_DATA'], meaning);

export const fault = z
  .object({
    // Any text: a reader meets kinds that came after it.
    kind: (z.string() as unknown as z.ZodType<FaultKind>).describe('what happens; `dr drill --help` lists the kinds'),
    region: text('region that it strikes; ignored for `us-east-1-down` and `link-cut`'),
    startSeconds: number('when it begins, s since the start of the run'),
    durationSeconds: number('how long it lasts, s'),
    functionName: text('function that it strikes, for kinds that strike one').exactOptional(),
    intensity: number(
      'share of the calls that it strikes, above 0 and up to 1; default: that of its kind',
    ).exactOptional(),
    service: oneOf(AWS_ENDPOINTS, 'for `dns-empty`: whose endpoint has no address; default `dynamodb`').exactOptional(),
    zones: number('for `zone-dark`: zones that are dark; default 1').exactOptional(),
    neverHeals: z
      .literal(true)
      .describe('of a loss: the region is gone for good, and `durationSeconds` says for how long the run goes on')
      .exactOptional(),
    from: text('for `link-cut`: the sender').exactOptional(),
    to: text('for `link-cut`: the receiver').exactOptional(),
  })
  .readonly()
  .describe('the fault');

const event = <K extends string, T extends z.ZodRawShape>(kind: K, meaning: string, fields: T) =>
  z.object({ kind: z.literal(kind), ...fields }).describe(meaning);

export const EVENTS = {
  'fault-start': event('fault-start', 'A fault begins.', { fault }),
  'fault-end': event('fault-end', 'A fault is over.', { fault }),
  probe: event('probe', 'One probe of one Route 53 checker.', {
    healthCheck: text('name of the health check'),
    checker: text('checker: AWS region and number, e.g. `eu-west-1/2`'),
    region: text('region that was probed'),
    outcome: oneOf(
      ['healthy', 'refused', 'connect-timeout', 'response-timeout', 'bad-certificate', 'bad-status', 'no-match'],
      'what the checker makes of it; `no-match`: the search string is not in the body',
    ),
    status: number('HTTP status, where there was an answer').exactOptional(),
    answeredBy: text('function that answered, or `fixed-response` or `redirect` of the load balancer').exactOptional(),
  }),
  checker: event('checker', 'One checker changes its mind after enough probes in a row.', {
    healthCheck: text('name of the health check'),
    checker: text('checker: AWS region and number'),
    region: text('region that it probes'),
    healthy: truth('what it thinks from now on'),
  }),
  'health-check': event('health-check', 'Route 53 changes its verdict on an endpoint.', {
    healthCheck: text('name of the health check'),
    region: text('region that it watches'),
    healthy: truth('healthy when more than 18 % of the checkers think so'),
    healthyCheckers: number('checkers that find it healthy'),
    checkers: number('checkers in all'),
  }),
  'dns-answer': event(
    'dns-answer',
    'Where a name leads, asked from one place, changed: by what Route 53 answers, or by the way that an accelerator takes.',
    {
      name: text('the name that is asked for'),
      from: text('place that asks: clients near this region'),
      regions: z.array(z.string()).readonly().describe('regions that are answered; empty: no answer'),
    },
  ),
  'dns-query': event('dns-query', 'A client asked its resolver for the name.', {
    name: text('the name that was asked for'),
    client: text('the client'),
    region: text('region that it was sent to'),
    ttlSeconds: number(
      "how long the answer is still good for, s: what is left of the resolver's cache, not the record's TTL",
    ),
  }),
  request: event('request', 'A request of a client, written when it ends.', {
    client: text('the client; `unauthenticated...`: sends no key, to test the lock, and counts in no total'),
    home: text('region nearest to the client'),
    population: text(
      '`keeps`, `stretches` or `far`: a client that the promise is not about, counted apart; absent for one that honours the TTL and opens a new connection',
    ).exactOptional(),
    method: text('HTTP method'),
    route: text('method and path, with a placeholder for what differs from request to request'),
    itemId: text('item that it is about'),
    region: text('region that DNS, or an accelerator, sent it to'),
    startedMs: number('when the client sent it, ms since the start of the run'),
    outcome: oneOf(
      ['ok', 'http-error', 'refused', 'connect-timeout', 'response-timeout', 'bad-certificate'],
      '`ok`: the client got what it asked for',
    ),
    status: number('HTTP status, where there was an answer').exactOptional(),
    dataRegion: text('region whose replica answered').exactOptional(),
    stamp: text('version that an acknowledged write made, or that a read found').exactOptional(),
    follows: text(
      'for a write with a precondition: version that it must follow; `*`: there must be none',
    ).exactOptional(),
    reuses: text('for a write whose idempotency key belongs to another write: the version of that one').exactOptional(),
  }),
  invocation: event('invocation', 'An invocation of a function, written when it ends.', {
    region,
    functionName,
    environment: text('execution environment'),
    trigger: text('what invoked it, e.g. `alb`, `sns`, `schedule`'),
    outcome: oneOf(['ok', 'error', 'timeout', 'throttled', 'init-error', 'killed'], 'how it ended'),
    cold: truth('a new execution environment was started for it'),
    startedMs: number('when it was asked for, ms since the start of the run'),
    detail: text('the error, where there was one').exactOptional(),
  }),
  denied: event('denied', 'IAM refused a call.', {
    region,
    role: text('role that called'),
    action: text('action, e.g. `dynamodb:PutItem`'),
    resource: text('ARN of the resource'),
  }),
  log: event('log', 'A structured log line of a function, level INFO or above, without metrics.', {
    region,
    functionName,
    record: record(
      'the line as logged; one with `state`, `from` and `region` says that the region moved from one failover state to another',
    ),
  }),
  'item-written': event('item-written', 'A version of an item was committed in a region.', {
    region,
    id: text('partition key of the item'),
    timestamp: text('sort key: the version'),
  }),
  'control-written': event(
    'control-written',
    'Beside `item-written`, for records by which the system steers itself: what the region now says.',
    { region, timestamp: text('sort key of the record'), record: record('the record') },
  ),
  'item-replicated': event('item-replicated', 'A version arrived in another region.', {
    region: text('region where it arrived'),
    from: text('region where it was written'),
    id: text('partition key of the item'),
    timestamp: text('sort key: the version'),
    lagMs: number('time since it was committed, ms'),
    applied: truth('false: a newer one was already there'),
  }),
  alarm: event('alarm', 'A CloudWatch alarm changes its state.', {
    region,
    alarm: text('name of the alarm'),
    state: alarmState('state from now on'),
    previous: alarmState('state until now'),
    reason: text('why, in the words of CloudWatch'),
  }),
  published: event('published', 'A topic accepted a message.', {
    region,
    topic: text('name of the topic'),
    subject: text('subject of the message'),
    publisher: text('function or alarm that published it'),
    messageId: text('id that SNS gave it'),
    id: text("the message's own id, if its body has one").exactOptional(),
  }),
  delivered: event('delivered', 'A message reached a person.', {
    region: text('region of the topic'),
    topic: text('name of the topic'),
    protocol: text('`email` or `sms`'),
    endpoint: text('address'),
    subject: text('subject of the message'),
    messageId: text('id that SNS gave it'),
  }),
} as const;

type Kinds = typeof EVENTS;
/**
 * Regions are recorded by AWS id and logged by the name that the system gives them (`mumbai`), or as `us-east-1` for what is global.
 * Times are ms since the start of the run.
 */
export type TwinEvent = { [K in keyof Kinds]: z.infer<Kinds[K]> }[keyof Kinds];
export type LoggedEvent = TwinEvent & { readonly atMs: number };
export type EventOf<K extends TwinEvent['kind']> = Extract<TwinEvent, { kind: K }> & { readonly atMs: number };
export type AlarmState = EventOf<'alarm'>['state'];

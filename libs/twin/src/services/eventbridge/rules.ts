// Rules of the stack with their targets, refused where EventBridge would refuse them (EB-01 to EB-05).
import { InputError } from '@dr/contracts';
import { blockOf, flagOf, type Graph, type Resource, textOf, TWIN_ACCOUNT_ID, type Values } from '@dr/terraform-json';
import { checkedPolicy } from '../iam/policy';
import { readPattern, type EventPattern } from './pattern';
import { readSchedule, type Schedule } from './schedule';

export interface Target {
  readonly address: string;
  readonly kind: 'function' | 'bus';
  readonly arn: string;
  /** What a function gets in place of the event; undefined: the event. */
  readonly input: unknown;
  /** The role that puts events on the bus. */
  readonly roleArn: string | undefined;
  readonly deadLetterArn: string | undefined;
}

export interface Rule {
  readonly address: string;
  readonly awsRegion: string;
  readonly arn: string;
  /** ARN of the bus whose events it sees. */
  readonly busArn: string;
  readonly targets: readonly Target[];
  /** Absent on a rule without a schedule. */
  readonly schedule: Schedule | undefined;
  /** Absent on a rule without a pattern. */
  readonly matches: EventPattern | undefined;
}

export interface Bus {
  readonly arn: string;
  readonly awsRegion: string;
  /** Undefined: only the account's own principals may put events there. */
  readonly policy: unknown;
}

const DEFAULT_BUS = 'default';

export const defaultBusArn = (awsRegion: string): string =>
  `arn:aws:events:${awsRegion}:${TWIN_ACCOUNT_ID}:event-bus/${DEFAULT_BUS}`;

/** The buses that the stack makes, and the default buses to which it gives a policy, by ARN. */
export function readBuses(graph: Graph): ReadonlyMap<string, Bus> {
  const policies = graph.ofType('aws_cloudwatch_event_bus_policy');
  const made = graph.ofType('aws_cloudwatch_event_bus').map((bus) => {
    const arn = String(graph.attribute(bus, 'arn'));
    return { arn, awsRegion: bus.awsRegion, name: textOf(bus.values, 'name') ?? bus.name };
  });
  const policyOf = ({ arn, awsRegion, name }: (typeof made)[number]): unknown =>
    policies.find((one) => one.awsRegion === awsRegion && [arn, name].includes(busNamed(one)))?.values['policy'];
  const defaults = policies
    .filter((policy) => busNamed(policy) === DEFAULT_BUS)
    .map(({ awsRegion }) => ({ arn: defaultBusArn(awsRegion), awsRegion, name: DEFAULT_BUS }));
  return new Map(
    [...made, ...defaults].map((bus) => [bus.arn, { ...bus, policy: checkedPolicy(policyOf(bus), bus.arn) }]),
  );
}

/** A name or an ARN. */
const busNamed = ({ values }: Resource): string => textOf(values, 'event_bus_name') ?? DEFAULT_BUS;

/**
 * Every enabled rule that has a schedule, or that is for events which the twin may emit. Throws InputError for a rule that EventBridge
 * would not take, or the twin does not know.
 */
export function readRules(graph: Graph, buses: ReadonlyMap<string, Bus>): readonly Rule[] {
  return graph
    .ofType('aws_cloudwatch_event_rule')
    .filter(({ values }) => flagOf(values, 'is_enabled') !== false && textOf(values, 'state') !== 'DISABLED')
    .filter(({ values }) => textOf(values, 'schedule_expression') !== undefined || isForEmitted(values))
    .map((rule) => readRule(graph, buses, rule));
}

/** What emits events in the twin. A rule for events of other sources never sees one. */
const SOURCES = ['aws.cloudwatch'];

function isForEmitted(values: Values): boolean {
  const sources = /"source"\s*:\s*\[([^\]]*)\]/.exec(textOf(values, 'event_pattern') ?? '')?.[1];
  return sources === undefined || sources.includes('{') || SOURCES.some((one) => sources.includes(`"${one}"`));
}

function readRule(graph: Graph, buses: ReadonlyMap<string, Bus>, rule: Resource): Rule {
  const { values, address, awsRegion } = rule;
  const name = textOf(values, 'name') ?? rule.name;
  const busArn = busArnOf(rule, buses);
  const schedule = textOf(values, 'schedule_expression');
  const pattern = textOf(values, 'event_pattern');
  if (schedule !== undefined && busArn !== defaultBusArn(awsRegion)) {
    throw new InputError(
      `${address}: schedule_expression`,
      'is supported only on the default event bus',
      'Leave event_bus_name out',
    );
  }
  return {
    address,
    awsRegion,
    arn: String(graph.attribute(rule, 'arn')),
    busArn,
    schedule: schedule === undefined ? undefined : readSchedule(address, schedule),
    matches: pattern === undefined ? undefined : readPattern(address, pattern),
    targets: graph
      .ofType('aws_cloudwatch_event_target')
      .filter((one) => one.awsRegion === awsRegion && textOf(one.values, 'rule') === name)
      .filter((one) => busArnOf(one, buses) === busArn)
      .map(readTarget),
  };
}

function busArnOf(resource: Resource, buses: ReadonlyMap<string, Bus>): string {
  const { address, awsRegion } = resource;
  const named = busNamed(resource);
  const usual = defaultBusArn(awsRegion);
  const arn = named.startsWith('arn:') ? named : `${usual.slice(0, -DEFAULT_BUS.length)}${named}`;
  if (arn === usual || buses.get(arn)?.awsRegion === awsRegion) return arn;
  throw new InputError(
    `${address}: event_bus_name "${named}"`,
    `is no event bus of this stack in ${awsRegion}`,
    'Refer to an aws_cloudwatch_event_bus of the same region',
  );
}

function readTarget(target: Resource): Target {
  const { values, address, awsRegion } = target;
  const arn = textOf(values, 'arn') ?? '';
  const refuse = (what: string, why: string, fix: string): never => {
    throw new InputError(`${address}: ${what}`, why, fix);
  };
  const [, , service, targetRegion, , resource = ''] = arn.split(':');
  const kind = service === 'lambda' ? 'function' : resource.startsWith('event-bus/') ? 'bus' : undefined;
  if (kind === undefined) {
    return refuse(
      `target "${arn}"`,
      'is no Lambda function or event bus',
      'Invoke functions, or send events to another bus',
    );
  }
  const isFar = targetRegion !== awsRegion;
  if (kind === 'function' && isFar) {
    refuse(
      `target "${arn}"`,
      `is a function outside ${awsRegion}; EventBridge reaches other regions through their event buses only`,
      'Send the event to a bus there, with a rule that invokes the function',
    );
  }
  const roleArn = textOf(values, 'role_arn');
  if (kind === 'bus' && isFar && roleArn === undefined) {
    refuse(
      'role_arn',
      'is missing: a bus in another region is reached through a role',
      'Give one with events:PutEvents',
    );
  }
  const deadLetterArn = textOf(blockOf(values, 'dead_letter_config') ?? {}, 'arn');
  if (deadLetterArn !== undefined && deadLetterArn.split(':')[3] !== awsRegion) {
    refuse(
      `dead_letter_config "${deadLetterArn}"`,
      'must be in the region in which the rule is made',
      `Use a queue of ${awsRegion}`,
    );
  }
  for (const changed of ['input_path', 'input_transformer']) {
    if (values[changed] !== undefined) refuse(changed, 'the twin hands events over as they are', 'Remove it');
  }
  return { address, kind, arn, input: readInput(target), roleArn, deadLetterArn };
}

function readInput({ values, address }: Resource): unknown {
  const input = textOf(values, 'input');
  if (input === undefined) return undefined;
  try {
    return JSON.parse(input);
  } catch (cause) {
    throw new InputError(`${address}: input "${input}"`, 'is not JSON', 'Give JSON text', { cause });
  }
}

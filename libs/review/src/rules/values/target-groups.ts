// Target groups that Elastic Load Balancing does not take.
import { finding, type Finding } from '@dr/stack';
import { textOf, type Resource, type Values } from '@dr/terraform-json';
import { inEach } from '../each';
import { blocksAt, numberIn, numbersOutside, otherTexts, takenRule, type Part } from './taken';

export const targetGroupValues = takenRule({
  kind: 'target-group',
  type: 'aws_lb_target_group',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html',
  statement:
    'A target group checks every 5 to 300 s with a shorter timeout, counts 2 to 10 results, and matches statuses from 200 to 499 (to 599 of a network load balancer), or gRPC codes from 0 to 99.',
  judge: [
    ({ address, values }) => otherTexts(address, values, { target_type: ['instance', 'ip', 'lambda', 'alb'] }),
    ({ address, values }) => numbersOutside(address, values, { deregistration_delay: [0, 3_600] }),
    slowStart,
    port,
    eachCheck(({ address }, check, at) => numbersOutside(address, check, RANGES, at)),
    eachCheck(timing),
    eachCheck(matching),
  ],
});

const RANGES = {
  interval: [5, 300],
  timeout: [2, 120],
  healthy_threshold: [2, 10],
  unhealthy_threshold: [2, 10],
} as const;

type CheckPart = (group: Resource, check: Values, at: string) => Iterable<Finding>;

/** Asked of each health check of a group. */
function eachCheck(part: CheckPart): Part {
  return (group) => inEach(blocksAt(group.values, 'health_check'), ([at, check]) => part(group, check, at));
}

const isOfFunction = (values: Values): boolean => textOf(values, 'target_type') === 'lambda';

const isOfNetwork = (values: Values): boolean =>
  !isOfFunction(values) && !/^HTTPS?$/.test(textOf(values, 'protocol') ?? '');

function* port({ address, values }: Resource): Iterable<Finding> {
  if (!isOfFunction(values)) yield* numbersOutside(address, values, { port: [1, 65_535] });
}

function* timing({ address, values }: Resource, check: Values, at: string): Iterable<Finding> {
  const [interval, timeout] = [numberIn(check, 'interval'), numberIn(check, 'timeout')];
  const seconds = timeout ?? defaultTimeout(values, check);
  if (interval === undefined || interval < RANGES.interval[0] || seconds === undefined) return;
  // A network load balancer may wait for the whole interval: 10 and 10 were its only values for long.
  if (seconds < interval || (isOfNetwork(values) && seconds === interval)) return;
  const sentence =
    timeout === undefined
      ? `has ${at}interval ${interval}, which is not above the timeout of ${seconds} s that AWS takes by default`
      : `has ${at}timeout ${timeout}, which is not below its interval ${interval}`;
  yield finding(address, sentence, 'Make the timeout shorter than the interval');
}

/** Seconds, where a group gives none (API reference, HealthCheckTimeoutSeconds). Of functions no page says what becomes of a shorter interval. */
function defaultTimeout(values: Values, check: Values): number | undefined {
  if (isOfFunction(values)) return undefined;
  if (/^(HTTPS?|GENEVE)$/.test(textOf(values, 'protocol') ?? '')) return 5;
  return (textOf(check, 'protocol') ?? 'HTTP') === 'HTTP' ? 6 : 10;
}

/** Elastic Load Balancing API reference, Matcher: HttpCode of an application load balancer, of a network load balancer, and GrpcCode. */
const CODES = { http: [200, 499], network: [200, 599], grpc: [0, 99] } as const;

function codesOf(values: Values): readonly [least: number, most: number] {
  if (textOf(values, 'protocol_version') === 'GRPC') return CODES.grpc;
  return isOfNetwork(values) ? CODES.network : CODES.http;
}

function* matching({ address, values }: Resource, check: Values, at: string): Iterable<Finding> {
  const matcher = textOf(check, 'matcher');
  const [least, most] = codesOf(values);
  if (matcher === undefined || isMatcher(matcher, least, most)) return;
  const sentence = `has ${at}matcher "${matcher}", and AWS takes codes from ${least} to ${most}, one by one or as a range`;
  yield finding(
    address,
    sentence,
    `Use codes from ${least} to ${most}, such as ${least},${least + 2} or ${least}-${most}`,
  );
}

const isMatcher = (text: string, least: number, most: number): boolean =>
  text.split(',').every((part) => {
    const found = /^(\d{1,3})(?:-(\d{1,3}))?$/.exec(part.trim());
    const [first, last] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])];
    return first >= least && last <= most && first <= last;
  });

/** 0: none. */
function* slowStart({ address, values }: Resource): Iterable<Finding> {
  if ((numberIn(values, 'slow_start') ?? 0) !== 0) yield* numbersOutside(address, values, { slow_start: [30, 900] });
}

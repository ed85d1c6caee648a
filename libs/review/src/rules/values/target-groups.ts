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
    'A target group checks every 5 to 300 s with a shorter timeout, counts 2 to 10 results, and matches statuses from 200 to 499 (599 of a network load balancer).',
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

function* port({ address, values }: Resource): Iterable<Finding> {
  if (!isOfFunction(values)) yield* numbersOutside(address, values, { port: [1, 65_535] });
}

function* timing({ address }: Resource, check: Values, at: string): Iterable<Finding> {
  const [interval, timeout] = [numberIn(check, 'interval'), numberIn(check, 'timeout')];
  if (interval === undefined || timeout === undefined || timeout < interval) return;
  const sentence = `has ${at}timeout ${timeout}, which is not below its interval ${interval}`;
  yield finding(address, sentence, 'Make the timeout shorter than the interval');
}

function* matching({ address, values }: Resource, check: Values, at: string): Iterable<Finding> {
  const matcher = textOf(check, 'matcher');
  const most = /^(TCP|TLS|UDP|TCP_UDP|GENEVE)$/.test(textOf(values, 'protocol') ?? '') ? 599 : 499;
  if (matcher === undefined || isMatcher(matcher, most)) return;
  const sentence = `has ${at}matcher "${matcher}", and AWS takes statuses from 200 to ${most}, as 200,202 or 200-299`;
  yield finding(address, sentence, `Use statuses from 200 to ${most}`);
}

const isMatcher = (text: string, most: number): boolean =>
  text.split(',').every((part) => {
    const found = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim());
    const [first, last] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])];
    return first >= 200 && last <= most && first <= last;
  });

/** 0: none. */
function* slowStart({ address, values }: Resource): Iterable<Finding> {
  if ((numberIn(values, 'slow_start') ?? 0) !== 0) yield* numbersOutside(address, values, { slow_start: [30, 900] });
}

// Target groups that Elastic Load Balancing does not take.
import { finding, type Finding } from '@dr/stack';
import { textOf, type Resource, type Values } from '@dr/terraform-json';
import { blocksAt, numberIn, numbersOutside, otherTexts, takenRule } from './taken';

export const targetGroupValues = takenRule({
  kind: 'target-group',
  type: 'aws_lb_target_group',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateTargetGroup.html',
  statement:
    'A target group checks every 5 to 300 s with a shorter timeout, counts 2 to 10 results, and matches statuses from 200 to 499 (599 of a network load balancer).',
  *judge({ address, values }) {
    yield* otherTexts(address, values, { target_type: ['instance', 'ip', 'lambda', 'alb'] });
    yield* numbersOutside(address, values, { deregistration_delay: [0, 3_600] });
    yield* slowStart(address, values);
    if (textOf(values, 'target_type') !== 'lambda') yield* numbersOutside(address, values, { port: [1, 65_535] });
    for (const [at, check] of blocksAt(values, 'health_check')) yield* checkFindings({ address, values }, check, at);
  },
});

const RANGES = {
  interval: [5, 300],
  timeout: [2, 120],
  healthy_threshold: [2, 10],
  unhealthy_threshold: [2, 10],
} as const;

function* checkFindings(group: Pick<Resource, 'address' | 'values'>, check: Values, at: string): Iterable<Finding> {
  const { address, values } = group;
  yield* numbersOutside(address, check, RANGES, at);
  const [interval, timeout] = [numberIn(check, 'interval'), numberIn(check, 'timeout')];
  if (interval !== undefined && timeout !== undefined && timeout >= interval) {
    const sentence = `has ${at}timeout ${timeout}, which is not below its interval ${interval}`;
    yield finding(address, sentence, 'Make the timeout shorter than the interval');
  }
  const matcher = textOf(check, 'matcher');
  const most = /^(TCP|TLS|UDP|TCP_UDP|GENEVE)$/.test(textOf(values, 'protocol') ?? '') ? 599 : 499;
  if (matcher !== undefined && !isMatcher(matcher, most)) {
    const sentence = `has ${at}matcher "${matcher}", and AWS takes statuses from 200 to ${most}, as 200,202 or 200-299`;
    yield finding(address, sentence, `Use statuses from 200 to ${most}`);
  }
}

const isMatcher = (text: string, most: number): boolean =>
  text.split(',').every((part) => {
    const found = /^(\d{3})(?:-(\d{3}))?$/.exec(part.trim());
    const [first, last] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])];
    return first >= 200 && last <= most && first <= last;
  });

/** 0: none. */
function* slowStart(address: string, values: Values): Iterable<Finding> {
  if ((numberIn(values, 'slow_start') ?? 0) !== 0) yield* numbersOutside(address, values, { slow_start: [30, 900] });
}

// Routing controls of Application Recovery Controller: what keeps somebody in a hurry from turning all of them off.
import { finding } from '@dr/stack';
import { textOf, textsOf } from '@dr/terraform-json';
import { inEach, managed } from './each';
import type { Rule } from './rule';

export const RECOVERY_CONTROL_RULES: readonly Rule[] = [
  {
    id: 'routing-control-has-a-safety-rule',
    of: 'advice',
    severity: 'note',
    source:
      'https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/aws-resource-route53recoverycontrol-safetyrule.html',
    statement: 'A safety rule keeps at least one of the routing controls on.',
    atFailover: 'Somebody may turn all of them off, and Route 53 then answers as if all were on',
    judge: ({ graph }) =>
      inEach(managed(graph, 'aws_route53recoverycontrolconfig_routing_control'), function* (control) {
        const arns = ['arn', 'id'].map((name) => graph.attribute(control, name));
        const isAsserted = managed(graph, 'aws_route53recoverycontrolconfig_safety_rule').some(
          ({ values, references }) =>
            references['asserted_controls']?.includes(control.address) ||
            references['target_controls']?.includes(control.address) ||
            [...textsOf(values, 'asserted_controls'), ...textsOf(values, 'target_controls')].some((arn) =>
              arns.includes(arn),
            ),
        );
        if (isAsserted) return;
        yield finding(
          control.address,
          `(${textOf(control.values, 'name') ?? ''}) is in no safety rule`,
          'Assert with an aws_route53recoverycontrolconfig_safety_rule that one control is on',
        );
      }),
  },
];

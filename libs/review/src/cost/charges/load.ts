// Who gets how much of the load. [A] All front doors of a stack serve alike, and a checker's probe is a request.
import { monthlyProbes } from '@dr/failover';
import { knownOrAbsent, numberOf, type Resource } from '@dr/terraform-json';
import type { Billing } from '../charge';
import { once } from '../once';

export const SECONDS_A_MONTH = 730 * 3600;
const FRONT_DOORS = ['aws_lb', 'aws_alb', 'aws_elb', 'aws_api_gateway_rest_api', 'aws_apigatewayv2_api'] as const;

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Where clients come in. */
export const frontDoors = once(({ ofTypes }: Billing): readonly Resource[] => ofTypes(...FRONT_DOORS));

/** Requests a month of clients and of Route 53's checkers that reach one front door. */
export const requestsAtEach = once((billing: Billing): number => {
  const doors = Math.max(1, frontDoors(billing).length);
  return (billing.usage.requests + probes(billing)) / doors;
});

function probes({ ofTypes }: Billing): number {
  return ofTypes('aws_route53_health_check')
    .filter(({ values }) => /^(HTTPS?(_STR_MATCH)?|TCP)$/.test(String(knownOrAbsent(() => values['type']))))
    .reduce(
      (sum, { values }) => sum + monthlyProbes(knownOrAbsent(() => numberOf(values, 'request_interval')) ?? 30, 1),
      0,
    );
}

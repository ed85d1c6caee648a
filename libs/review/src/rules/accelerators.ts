// Global Accelerator: settings that it does not use.
import { endpointGroupsOf, finding, readEndpoints, targetHealthOf } from '@dr/stack';
import { knownOrAbsent, numberOf } from '@dr/terraform-json';
import type { Rule } from './rule';

/** The service's own, where a group says nothing (API reference, CreateEndpointGroup). */
const DEFAULT = { intervalSeconds: 30, threshold: 3 } as const;

export const ACCELERATOR_RULES: readonly Rule[] = [
  {
    id: 'accelerator-follows-target-groups',
    of: 'unseen',
    source: 'https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups-health-check-options.html',
    statement: 'The target groups behind an accelerator notice a failure as soon as its endpoint group seems to.',
    atFailover: 'Clients wait for the health check of the target group, not for that of the accelerator',
    *judge({ graph }) {
      const accelerators = readEndpoints(graph).filter(({ kind }) => kind === 'accelerator');
      for (const group of accelerators.flatMap(({ resource }) => endpointGroupsOf(graph, resource))) {
        const { values } = graph.get(group.address) ?? { values: {} };
        const number = (key: string): number | undefined => knownOrAbsent(() => numberOf(values, key));
        const interval = number('health_check_interval_seconds') ?? DEFAULT.intervalSeconds;
        const threshold = number('threshold_count') ?? DEFAULT.threshold;
        const slow = group.endpoints
          .filter(({ kind }) => kind === 'alb')
          .flatMap(({ resource }) => targetHealthOf(graph, resource))
          .find((one) => one.intervalSeconds * one.unhealthyThreshold > interval * threshold);
        if (!slow) continue;
        const { address, intervalSeconds, unhealthyThreshold } = slow;
        yield finding(
          group.address,
          `seems to notice a failure in ${threshold} x ${interval} s, but of a load balancer its target group decides: ${address} takes ${unhealthyThreshold} x ${intervalSeconds} s`,
          `Shorten the health check of ${address}`,
        );
      }
    },
  },
];

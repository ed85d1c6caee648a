// Global Accelerator: settings that it does not use.
import { endpointGroupsOf, finding, readEndpoints, targetHealthOf, type EndpointGroup } from '@dr/stack';
import { blockOf, blocksOf, knownOrAbsent, numberOf, textOf, type Graph, type Values } from '@dr/terraform-json';
import { inEach } from './each';
import type { Rule } from './rule';

/** The service's own, where a group says nothing (API reference, CreateEndpointGroup). */
const DEFAULT = { intervalSeconds: 30, threshold: 3 } as const;

const takes = (listener: Values, port: number): boolean =>
  blocksOf(listener, 'port_range').some(
    (range) => (numberOf(range, 'from_port') ?? 0) <= port && port <= (numberOf(range, 'to_port') ?? 0),
  );

/** Of all accelerators of the stack that tell theirs. */
export const acceleratedGroups = (graph: Graph): readonly EndpointGroup[] =>
  readEndpoints(graph)
    .filter(({ kind }) => kind === 'accelerator')
    .flatMap(({ resource }) => knownOrAbsent(() => endpointGroupsOf(graph, resource)) ?? []);

const HTTPS = 443;

export const ACCELERATOR_RULES: readonly Rule[] = [
  {
    id: 'accelerator-listens-for-https',
    of: 'serving',
    *judge({ graph, names }) {
      const accelerators = names.acceleratedNames.flatMap(({ ways }) => ways.map(({ endpoint }) => endpoint.resource));
      for (const accelerator of new Set(accelerators)) {
        const ids = ['id', 'arn'].map((name) => graph.attribute(accelerator, name));
        const listeners = graph
          .ofType('aws_globalaccelerator_listener')
          .filter(({ values }) => ids.includes(textOf(values, 'accelerator_arn')));
        if (listeners.some(({ values }) => textOf(values, 'protocol') === 'TCP' && takes(values, HTTPS))) continue;
        const sentence = `has no TCP listener on ${HTTPS}: clients cannot connect`;
        yield finding(accelerator.address, sentence, `Add ${HTTPS} to port_range of a listener`);
      }
    },
  },
  {
    id: 'accelerator-follows-target-groups',
    of: 'unseen',
    source: 'https://docs.aws.amazon.com/global-accelerator/latest/dg/about-endpoint-groups-health-check-options.html',
    statement: 'The target groups behind an accelerator notice a failure as soon as its endpoint group seems to.',
    atFailover: 'Clients wait for the health check of the target group, not for that of the accelerator',
    judge: ({ graph }) =>
      inEach(acceleratedGroups(graph), function* (group) {
        const { values } = graph.get(group.address) ?? { values: {} };
        const number = (key: string): number | undefined => knownOrAbsent(() => numberOf(values, key));
        const interval = number('health_check_interval_seconds') ?? DEFAULT.intervalSeconds;
        const threshold = number('threshold_count') ?? DEFAULT.threshold;
        const slow = group.endpoints
          .filter(({ kind }) => kind === 'alb' || kind === 'nlb')
          .flatMap(({ resource }) => targetHealthOf(graph, resource))
          .find((one) => one.intervalSeconds * one.unhealthyThreshold > interval * threshold);
        if (!slow) return;
        const { address, intervalSeconds, unhealthyThreshold } = slow;
        // What is unknown is none of AWS's own values.
        const check = blockOf(graph.get(address)?.values ?? {}, 'health_check') ?? {};
        for (const key of ['interval', 'unhealthy_threshold']) numberOf(check, key);
        yield finding(
          group.address,
          `seems to notice a failure in ${threshold} x ${interval} s, but of a load balancer its target group decides: ${address} takes ${unhealthyThreshold} x ${intervalSeconds} s`,
          `Shorten the health check of ${address}`,
        );
      }),
  },
];

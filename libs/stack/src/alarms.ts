// Alarms and what they publish to.
import { flagOf, textOf, textsOf, type Graph } from '@dr/terraform-json';
import type { StackRegion } from './shape';

/** Alarms with enabled actions as `<region>/<alarm name>`, by the state whose entry runs the actions. */
export function announcedAlarms(
  graph: Graph,
  regions: readonly StackRegion[],
): Readonly<Record<'ALARM' | 'OK', ReadonlySet<string>>> {
  const alarms = [...graph.ofType('aws_cloudwatch_metric_alarm'), ...graph.ofType('aws_cloudwatch_composite_alarm')];
  const withActions = (key: string): ReadonlySet<string> =>
    new Set(
      alarms
        .filter(({ values }) => flagOf(values, 'actions_enabled') !== false && textsOf(values, key).length > 0)
        .map(({ awsRegion, values }) => {
          const region = regions.find((known) => known.awsRegion === awsRegion)?.name ?? awsRegion;
          return `${region}/${textOf(values, 'alarm_name') ?? ''}`;
        }),
    );
  return { ALARM: withActions('alarm_actions'), OK: withActions('ok_actions') };
}

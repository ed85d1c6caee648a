// Places every alarm and dashboard: in the region that sees the metric, about the region it speaks of, on the topic there.
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import {
  Alarm,
  ALARM_DEFINITIONS,
  Dashboard,
  DASHBOARD_DEFINITIONS,
  failbackWaiting,
  withWaiting,
  type Scope,
  type Seat,
} from '@dr/alarms';
import { GLOBAL_REGION } from '@dr/contracts';
import type { Construct } from 'constructs';
import type { RegionalLayer } from './regional-layer';

export interface AlarmLayerProps {
  readonly system: string;
  readonly layers: readonly RegionalLayer[];
  readonly table: string;
  readonly globalTopicArn: string;
  /** Name of the dead-letter queue in us-east-1. */
  readonly globalDeadLetters: string;
  readonly globalProvider: AwsProvider;
  /** In the order of `layers`. */
  readonly healthCheckIds: readonly string[];
  /** How long a region may wait for an order before people are paged. @default none waits */
  readonly waitingPageMinutes?: number | undefined;
}

/** A place an alarm can be made in. */
interface AlarmSeat extends Seat {
  readonly scope: Construct;
  readonly idSuffix: string;
  readonly provider: AwsProvider;
  readonly topicArn: string;
}

/** Adds all alarms, each below its region, and the dashboards below `stack`. */
export function addAlarms(stack: Construct, props: AlarmLayerProps): void {
  const { system, waitingPageMinutes } = props;
  const byHand = waitingPageMinutes === undefined ? [] : [failbackWaiting(waitingPageMinutes)];
  const seats = seatsOf(stack, props);
  for (const definition of [...ALARM_DEFINITIONS, ...byHand]) {
    const id = definition.id.replaceAll('-', '_');
    for (const { scope, idSuffix, provider, topicArn, about, subjects } of seats[definition.scope]) {
      new Alarm(scope, `${id}${idSuffix}`, { definition, system, provider, topicArn, about, subjects });
    }
  }
  const dashboards = byHand.length === 0 ? DASHBOARD_DEFINITIONS : DASHBOARD_DEFINITIONS.map(withWaiting);
  for (const definition of dashboards) {
    const provider = props.globalProvider;
    const id = definition.id.replaceAll('-', '_');
    new Dashboard(stack, id, { definition, system, provider, seats });
  }
}

function seatsOf(stack: Construct, props: AlarmLayerProps): Record<Scope, AlarmSeat[]> {
  const region = props.layers.map((layer): AlarmSeat => regionSeat(layer, props.table));
  const there = { awsRegion: GLOBAL_REGION, provider: props.globalProvider, topicArn: props.globalTopicArn };
  const global = region.map((seat, i) => ({
    ...seat,
    ...there,
    subjects: { healthCheck: props.healthCheckIds[i] ?? '' },
  }));
  const peer = region.flatMap((seat, i) =>
    props.layers
      .filter((_, j) => j !== i)
      .map(({ place }) => ({
        ...seat,
        about: place.name,
        idSuffix: `_${place.name}`,
        subjects: { ...seat.subjects, peer: place.name, peerAwsRegion: place.awsRegion },
      })),
  );
  const subjects = { deadLetters: props.globalDeadLetters };
  const everywhere = [...region, { ...there, scope: stack, idSuffix: '_us_east_1', about: GLOBAL_REGION, subjects }];
  return { region, peer, global, everywhere };
}

const regionSeat = (layer: RegionalLayer, table: string): AlarmSeat => ({
  scope: layer,
  idSuffix: '',
  provider: layer.place.provider,
  awsRegion: layer.place.awsRegion,
  topicArn: layer.topic.arn,
  about: layer.place.name,
  subjects: {
    self: layer.place.name,
    table,
    loadBalancer: layer.loadBalancer.arnSuffix,
    routerTargets: layer.targets.get('traffic-router') ?? '',
    healthTargets: layer.targets.get('health-checker') ?? '',
    router: layer.functions['traffic-router'].lambdaName,
    healthChecker: layer.functions['health-checker'].lambdaName,
    deadLetters: layer.deadLetters.name,
  },
});

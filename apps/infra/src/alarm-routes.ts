// Every orchestrator hears the alarms of every region: one that is cut off leaves another to tell.
import { alarmRoute } from '@dr/contracts';
import { AlarmEvents, type AlarmSource, type AlertTopic } from '@dr/constructs';

import type { RegionalLayer } from './regional-layer';

/** A region with alarms: its topic, and what could not be delivered from there. */
export interface AlarmRegion extends AlarmSource {
  readonly topic: AlertTopic;
}

/** By SNS where it delivers; over EventBridge to a function of an opt-in region. */
export function routeAlarms(regions: readonly AlarmRegion[], layers: readonly RegionalLayer[]): void {
  for (const region of regions) {
    for (const layer of layers)
      if (isBySns(region, layer)) region.topic.notify(layer.functions['failover-orchestrator']);
  }
  for (const layer of layers) {
    const sources = oneForEachAwsRegion(regions.filter((region) => !isBySns(region, layer)));
    if (sources.length === 0) continue;
    new AlarmEvents(layer, 'alarm_events', {
      target: layer.functions['failover-orchestrator'],
      deadLetters: layer.deadLetters,
      sources,
    });
  }
}

const isBySns = ({ place }: AlarmRegion, layer: RegionalLayer): boolean =>
  alarmRoute(place.awsRegion, layer.place.awsRegion).way === 'sns';

/** A system in us-east-1 has two topics there, and all alarms of a region are on its one bus. */
const oneForEachAwsRegion = (regions: readonly AlarmRegion[]): AlarmRegion[] =>
  regions.filter(({ place }, i) => regions.findIndex((other) => other.place.awsRegion === place.awsRegion) === i);

// Places every alarm: in the region that sees its metric, about the region it speaks of, on that place's own topic.
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Alarm, ALARM_DEFINITIONS, type AlarmProps } from '@dr/alarms';
import type { RegionalLayer } from './regional-layer';

export interface AlarmLayerProps {
  readonly layers: readonly RegionalLayer[];
  readonly table: string;
  readonly globalTopicArn: string;
  readonly globalProvider: AwsProvider;
  /** In the order of `layers`. */
  readonly healthCheckIds: readonly string[];
}

export function addAlarms(props: AlarmLayerProps): void {
  for (const definition of ALARM_DEFINITIONS) {
    const id = definition.id.replaceAll('-', '_');
    props.layers.forEach((layer, i) => {
      const { place } = layer;
      const local = { system: place.system, provider: place.provider, topicArn: layer.topic.arn, definition };
      const subjects = regionSubjects(layer, props.table);
      switch (definition.scope) {
        case 'region':
          new Alarm(layer, id, { ...local, about: place.name, subjects });
          break;
        case 'peer':
          for (const peer of props.layers.filter((l) => l !== layer)) {
            new Alarm(layer, `${id}_${peer.place.name}`, {
              ...local,
              about: peer.place.name,
              subjects: { ...subjects, peer: peer.place.name, peerAwsRegion: peer.place.awsRegion },
            });
          }
          break;
        case 'global':
          new Alarm(layer, id, {
            ...local,
            provider: props.globalProvider,
            topicArn: props.globalTopicArn,
            about: place.name,
            subjects: { healthCheck: props.healthCheckIds[i] ?? '' },
          });
      }
    });
  }
}

const regionSubjects = (layer: RegionalLayer, table: string): AlarmProps['subjects'] => ({
  self: layer.place.name,
  table,
  loadBalancer: layer.loadBalancer.arnSuffix,
  routerTargets: layer.targets.router,
  healthTargets: layer.targets.health,
  router: 'traffic-router',
  healthChecker: 'health-checker',
});

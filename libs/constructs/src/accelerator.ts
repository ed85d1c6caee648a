// The front door with static addresses: one accelerator, a group for each region's load balancer, and the domain that leads to it.
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { GlobalacceleratorAccelerator } from '@cdktf/provider-aws/lib/globalaccelerator-accelerator';
import { GlobalacceleratorEndpointGroup } from '@cdktf/provider-aws/lib/globalaccelerator-endpoint-group';
import { GlobalacceleratorListener } from '@cdktf/provider-aws/lib/globalaccelerator-listener';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { acceleratorName } from '@dr/contracts/system';
import { Construct } from 'constructs';
import type { LoadBalancer } from './load-balancer';
import { keptBy } from './region';

export interface AcceleratorProps {
  readonly system: string;
  readonly protect: boolean;
  /** Of the global layer. The provider itself calls the service in us-west-2, where its API is. */
  readonly provider: AwsProvider;
  readonly zoneId: string;
  readonly domain: string;
  /** Of each region, once. */
  readonly loadBalancers: readonly LoadBalancer[];
}

/** As a load balancer's listeners: HTTP is only redirected. */
const PORTS = [443, 80] as const;
/** The API's own default (EndpointConfiguration). It must be said: the provider sends 0 for none, and 0 gets no traffic. */
const WEIGHT = 128;

export class Accelerator extends Construct {
  constructor(scope: Construct, id: string, props: AcceleratorProps) {
    super(scope, id);
    const { provider } = props;
    const accelerator = new GlobalacceleratorAccelerator(this, 'accelerator', {
      provider,
      name: acceleratorName(props.system),
      // As the load balancers: dual-stack needs endpoints that are (about-endpoints). Flow logs are off unless they are asked for.
      ipAddressType: 'IPV4',
      // Its addresses are gone with it, and are in other people's firewalls.
      ...keptBy(props),
    });
    const listener = new GlobalacceleratorListener(this, 'listener', {
      provider,
      acceleratorArn: accelerator.id,
      protocol: 'TCP',
      // No region holds anything of a client, so each connection may go to another one.
      clientAffinity: 'NONE',
      portRange: PORTS.map((port) => ({ fromPort: port, toPort: port })),
    });
    const groups = props.loadBalancers.map(
      ({ place, arn }) =>
        // Health is the load balancer's word: a group's own health check is for machines and addresses (health check options).
        new GlobalacceleratorEndpointGroup(this, place.name, {
          provider,
          listenerArn: listener.id,
          endpointGroupRegion: place.awsRegion,
          endpointConfiguration: [{ endpointId: arn, weight: WEIGHT, clientIpPreservationEnabled: true }],
        }),
    );
    new Route53Record(this, 'record', {
      provider,
      zoneId: props.zoneId,
      name: props.domain,
      type: 'A',
      // Its addresses never change, and it fails open by itself.
      alias: { name: accelerator.dnsName, zoneId: accelerator.hostedZoneId, evaluateTargetHealth: false },
      // An accelerator without a group answers nobody.
      dependsOn: groups,
      ...keptBy(props),
    });
  }
}

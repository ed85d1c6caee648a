// Route 53 of one region: its own name, the health check on that name, and its record of the shared domain.
import type { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { Route53HealthCheck } from '@cdktf/provider-aws/lib/route53-health-check';
import { Route53Record, type Route53RecordConfig } from '@cdktf/provider-aws/lib/route53-record';
import { regionalDomain } from '@dr/contracts/system';
import { Construct } from 'constructs';
import type { LoadBalancer } from './load-balancer';
import { keptBy, type Place } from './region';

export interface RegionalRoutingProps {
  readonly place: Place;
  /** Provider of the global layer. */
  readonly provider: AwsProvider;
  readonly zoneId: string;
  readonly domain: string;
  readonly loadBalancer: LoadBalancer;
  /** Of the health check. */
  readonly checkPath: string;
  /** Of the record of the shared domain. @default the region has none: an accelerator leads clients to it */
  readonly policy?: Pick<Route53RecordConfig, Extract<keyof Route53RecordConfig, `${string}RoutingPolicy`>> | undefined;
  readonly intervalSeconds: number;
  readonly failureThreshold: number;
  readonly recordType: 'alias' | 'cname';
  readonly ttlSeconds: number;
}

export class RegionalRouting extends Construct {
  readonly healthCheckId: string;

  constructor(scope: Construct, id: string, props: RegionalRoutingProps) {
    super(scope, id);
    const { place, provider, zoneId, loadBalancer, domain } = props;
    const host = regionalDomain(domain, place.name);
    const alias = { name: loadBalancer.dnsName, zoneId: loadBalancer.hostedZoneId };
    new Route53Record(this, 'regional_name', {
      provider,
      zoneId,
      name: host,
      type: 'A',
      // No health check: peers and checkers must reach a region that is judged unhealthy.
      alias: { ...alias, evaluateTargetHealth: false },
      ...keptBy(place),
    });
    const check = new Route53HealthCheck(this, 'health_check', {
      provider,
      // HTTPS, not HTTP: an HTTP check would meet the redirect and find it healthy with every function dead.
      type: 'HTTPS',
      fqdn: host,
      port: 443,
      resourcePath: props.checkPath,
      enableSni: true,
      requestInterval: props.intervalSeconds,
      failureThreshold: props.failureThreshold,
      tags: { Name: `${place.system}-${place.name}` },
    });
    this.healthCheckId = check.id;
    if (!props.policy) return;
    new Route53Record(this, 'record', {
      provider,
      zoneId,
      name: domain,
      setIdentifier: place.name,
      healthCheckId: check.id,
      ...props.policy,
      ...keptBy(place),
      ...(props.recordType === 'alias'
        ? { type: 'A', alias: { ...alias, evaluateTargetHealth: true } }
        : { type: 'CNAME', ttl: props.ttlSeconds, records: [host] }),
    });
  }
}

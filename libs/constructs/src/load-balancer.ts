// A region's load balancer: HTTPS with a certificate, HTTP only to redirect, and one Lambda behind each path rule.
import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener } from '@cdktf/provider-aws/lib/lb-listener';
import { LbListenerRule } from '@cdktf/provider-aws/lib/lb-listener-rule';
import { LbTargetGroup, type LbTargetGroupConfig } from '@cdktf/provider-aws/lib/lb-target-group';
import { LbTargetGroupAttachment } from '@cdktf/provider-aws/lib/lb-target-group-attachment';
import {
  FRONT_GROUP,
  FRONT_PATH,
  HEALTH_PATH,
  loadBalancerName,
  targetGroupName,
  type FunctionSpec,
} from '@dr/contracts/system';
import { FRONT_CHECK } from '@dr/failover';
import type { ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import type { RegionFunction } from './function';
import { checkedName } from './names';
import type { Network } from './network';
import { keptBy, MAIN_RESOURCE, Placed, type PlacedProps } from './region';

export interface LoadBalancerProps extends PlacedProps {
  readonly network: Network;
  readonly certificateArn: string;
  /** @default no access logs */
  readonly accessLogs?: { readonly bucket: string; readonly ready: ITerraformDependable } | undefined;
  /** An accelerator leads clients to it. @default false */
  readonly isAccelerated?: boolean;
}

/** TLS 1.2 and 1.3 only (ELB security policies). */
const TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-2021-06';
/**
 * Off by default for Lambda. The API takes 200-499 as a matcher and nothing else (ELBv2, Matcher): a path that answers 503
 * cannot be judged. The interval is longer than the slowest function may run (provider, aws_lb_target_group).
 */
const TARGET_HEALTH = {
  enabled: true,
  matcher: '200',
  interval: 35,
  timeout: 30,
  healthyThreshold: 5,
  unhealthyThreshold: 2,
} as const;
/** What an accelerator goes by: whether the region serves, as Route 53 asks, too. A region that is held back answers 503. */
const FRONT_HEALTH = {
  enabled: true,
  matcher: '200',
  path: HEALTH_PATH,
  interval: FRONT_CHECK.intervalSeconds,
  timeout: FRONT_CHECK.timeoutSeconds,
  healthyThreshold: FRONT_CHECK.healthyThreshold,
  unhealthyThreshold: FRONT_CHECK.unhealthyThreshold,
} as const;
const FRONT_RULE_PRIORITY = 5;
/**
 * An accelerator wants a healthy target in each group. That of the router, which its own check finds dead long after /health has said
 * so, must not hold a region back for minutes that serves again.
 */
const FRONT_HEALTHY_THRESHOLD = 2;
const NOT_FOUND = { type: 'about:blank', title: 'Not Found', status: 404 } as const;

/**
 * A client that keeps its connection does not ask DNS again while its region answers, with errors too. The least that AWS takes
 * (ALB user guide, "HTTP client keepalive duration": 60 to 604,800 s, 3,600 by default).
 */
const CLIENT_KEEP_ALIVE_SECONDS = 60;

export class LoadBalancer extends Placed {
  readonly arn: string;
  readonly dnsName: string;
  readonly hostedZoneId: string;
  readonly arnSuffix: string;
  private readonly httpsListenerArn: string;

  constructor(
    scope: Construct,
    id: string,
    private readonly props: LoadBalancerProps,
  ) {
    super(scope, id, props.place);
    const { place, network, accessLogs } = props;
    const lb = new Lb(this, MAIN_RESOURCE, {
      name: checkedName('load balancer', loadBalancerName(place.system, place.name)),
      loadBalancerType: 'application',
      internal: false,
      subnets: [...network.publicSubnetIds],
      securityGroups: [network.loadBalancerSecurityGroupId],
      dropInvalidHeaderFields: true,
      clientKeepAlive: CLIENT_KEEP_ALIVE_SECONDS,
      enableDeletionProtection: place.protect,
      ...keptBy(place),
      ...(accessLogs ? { accessLogs: { bucket: accessLogs.bucket, enabled: true } } : {}),
      dependsOn: [...network.internet, ...(accessLogs ? [accessLogs.ready] : [])],
    });
    this.arn = lb.arn;
    this.dnsName = lb.dnsName;
    this.hostedZoneId = lb.zoneId;
    this.arnSuffix = lb.arnSuffix;
    this.httpsListenerArn = new LbListener(this, 'https', {
      loadBalancerArn: lb.arn,
      port: 443,
      protocol: 'HTTPS',
      sslPolicy: TLS_POLICY,
      certificateArn: props.certificateArn,
      defaultAction: [
        {
          type: 'fixed-response',
          fixedResponse: { contentType: 'application/json', statusCode: '404', messageBody: JSON.stringify(NOT_FOUND) },
        },
      ],
    }).arn;
    new LbListener(this, 'http', {
      loadBalancerArn: lb.arn,
      port: 80,
      protocol: 'HTTP',
      defaultAction: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', statusCode: 'HTTP_301' } }],
    });
  }

  /** Sends the paths to the function. `name` ends the target group's. Returns the group's ARN suffix, as metrics name it. */
  route(name: string, target: RegionFunction, { paths, priority, livenessPath }: NonNullable<FunctionSpec['route']>) {
    const healthyThreshold = this.props.isAccelerated ? FRONT_HEALTHY_THRESHOLD : TARGET_HEALTH.healthyThreshold;
    const healthCheck = { ...TARGET_HEALTH, healthyThreshold, path: livenessPath };
    return this.forward({ name, target, paths, priority, healthCheck, caller: 'alb' });
  }

  /** A group that is healthy while the region serves, for an accelerator. The other groups say whether their functions run. */
  showFront(healthChecker: RegionFunction): void {
    const paths = [FRONT_PATH];
    this.forward({
      ...{ name: FRONT_GROUP, target: healthChecker, caller: 'alb_front' },
      ...{ paths, priority: FRONT_RULE_PRIORITY, healthCheck: FRONT_HEALTH },
    });
  }

  private forward({ name, target, paths, priority, healthCheck, caller }: Forwarding): string {
    const { system, name: region } = this.place;
    const group = new LbTargetGroup(this, `${name}_targets`, {
      name: checkedName('target group', targetGroupName(system, region, name)),
      targetType: 'lambda',
      lambdaMultiValueHeadersEnabled: false,
      healthCheck,
    });
    const permission = target.allowService(caller, 'elasticloadbalancing.amazonaws.com', group.arn);
    new LbTargetGroupAttachment(this, `${name}_target`, {
      targetGroupArn: group.arn,
      targetId: target.aliasArn,
      dependsOn: [permission],
    });
    new LbListenerRule(this, `${name}_rule`, {
      listenerArn: this.httpsListenerArn,
      priority,
      condition: [{ pathPattern: { values: [...paths] } }],
      action: [{ type: 'forward', targetGroupArn: group.arn }],
    });
    return group.arnSuffix;
  }
}

interface Forwarding {
  readonly name: string;
  readonly target: RegionFunction;
  readonly paths: readonly string[];
  readonly priority: number;
  readonly healthCheck: NonNullable<LbTargetGroupConfig['healthCheck']>;
  /** Of the permission. */
  readonly caller: string;
}

// A region's network: a VPC with two public subnets for the load balancer, open on 443 and 80 only.
import { DataAwsAvailabilityZones } from '@cdktf/provider-aws/lib/data-aws-availability-zones';
import { InternetGateway } from '@cdktf/provider-aws/lib/internet-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { RouteTableAssociation } from '@cdktf/provider-aws/lib/route-table-association';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { Subnet } from '@cdktf/provider-aws/lib/subnet';
import { Vpc } from '@cdktf/provider-aws/lib/vpc';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Fn, type ITerraformDependable } from 'cdktf';
import type { Construct } from 'constructs';
import { checkedName } from './names';
import { Placed, type PlacedProps } from './region';

export interface NetworkProps extends PlacedProps {
  /** Position of the region in the config: keeps the regions' address ranges apart. */
  readonly index: number;
}

export const ANYWHERE = '0.0.0.0/0';
const PUBLIC_PORTS = [443, 80] as const;
const ZONES = ['a', 'b'] as const;

export class Network extends Placed {
  readonly vpcId: string;
  /** `10.<index>`: the first two bytes of every address in this region. */
  readonly prefix: string;
  readonly publicSubnetIds: readonly string[];
  /** AWS refuses a load balancer, a NAT gateway and its address in a VPC without a way out, and their properties do not name it. */
  readonly internet: readonly ITerraformDependable[];
  private readonly zones: DataAwsAvailabilityZones;
  readonly loadBalancerSecurityGroupId: string;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id, props.place);
    const { system, name } = props.place;
    this.prefix = `10.${props.index}`;
    const vpc = new Vpc(this, 'vpc', {
      cidrBlock: `${this.prefix}.0.0/16`,
      enableDnsSupport: true,
      enableDnsHostnames: true,
      tags: { Name: `${system}-${name}` },
    });
    this.vpcId = vpc.id;
    this.zones = new DataAwsAvailabilityZones(this, 'zones', {
      state: 'available',
      // Local zones, which an account may have opted into, take no load balancer.
      filter: [{ name: 'zone-type', values: ['availability-zone'] }],
    });
    const gateway = new InternetGateway(this, 'gateway', { vpcId: vpc.id });
    const routes = new RouteTable(this, 'routes', { vpcId: vpc.id });
    const internet = new Route(this, 'internet', {
      routeTableId: routes.id,
      destinationCidrBlock: ANYWHERE,
      gatewayId: gateway.id,
    });
    const subnets = this.subnets(this, 'public', 0, routes.id);
    this.publicSubnetIds = subnets.map(({ subnet }) => subnet.id);
    this.internet = [internet, ...subnets.map(({ association }) => association)];
    this.loadBalancerSecurityGroupId = this.loadBalancerSecurityGroup();
  }

  /** One in each zone, on one table of routes. `first`: third byte of the first one's addresses. */
  subnets(scope: Construct, kind: 'public' | 'private', first: number, routeTableId: string) {
    const { system, name } = this.place;
    return ZONES.map((zone, i) => {
      const id = scope === this ? `${kind}_${zone}` : zone;
      const subnet = new Subnet(scope, id, {
        vpcId: this.vpcId,
        cidrBlock: `${this.prefix}.${first + i}.0/24`,
        availabilityZone: Fn.element(this.zones.names, i) as string,
        ...(kind === 'public' ? { mapPublicIpOnLaunch: false } : {}),
        tags: { Name: `${system}-${name}-${kind}-${zone}` },
      });
      const association = new RouteTableAssociation(scope, `${id}_routes`, { subnetId: subnet.id, routeTableId });
      return { subnet, association };
    });
  }

  securityGroup(scope: Construct, id: string, description: string): string {
    const { system, name } = this.place;
    const groupName = checkedName('security group', `${system}-${name}-${id}`);
    return new SecurityGroup(scope, `${id}_security_group`, { name: groupName, description, vpcId: this.vpcId }).id;
  }

  /** No egress rule: a load balancer with Lambda targets opens no connection in the VPC. */
  private loadBalancerSecurityGroup(): string {
    const securityGroupId = this.securityGroup(this, 'alb', 'Public HTTPS, and HTTP for the redirect to it');
    for (const port of PUBLIC_PORTS) {
      new VpcSecurityGroupIngressRule(this, `alb_port_${port}`, {
        securityGroupId,
        cidrIpv4: ANYWHERE,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
      });
    }
    return securityGroupId;
  }
}

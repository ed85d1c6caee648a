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
    const subnets = ZONES.map((zone, i) => {
      const subnet = new Subnet(this, `public_${zone}`, {
        vpcId: vpc.id,
        cidrBlock: `${this.prefix}.${i}.0/24`,
        availabilityZone: this.zoneName(i),
        mapPublicIpOnLaunch: false,
        tags: { Name: `${system}-${name}-public-${zone}` },
      });
      const association = new RouteTableAssociation(this, `public_${zone}_routes`, {
        subnetId: subnet.id,
        routeTableId: routes.id,
      });
      return { id: subnet.id, association };
    });
    this.publicSubnetIds = subnets.map(({ id }) => id);
    this.internet = [internet, ...subnets.map(({ association }) => association)];
    this.loadBalancerSecurityGroupId = this.loadBalancerSecurityGroup();
  }

  /** Name of the n-th availability zone. */
  zoneName(index: number): string {
    return Fn.element(this.zones.names, index) as string;
  }

  /** No egress rule: a load balancer with Lambda targets opens no connection in the VPC. */
  private loadBalancerSecurityGroup(): string {
    const { system, name } = this.place;
    const group = new SecurityGroup(this, 'alb_security_group', {
      name: checkedName('security group', `${system}-${name}-alb`),
      description: 'Public HTTPS, and HTTP for the redirect to it',
      vpcId: this.vpcId,
    });
    for (const port of PUBLIC_PORTS) {
      new VpcSecurityGroupIngressRule(this, `alb_port_${port}`, {
        securityGroupId: group.id,
        cidrIpv4: ANYWHERE,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
      });
    }
    return group.id;
  }
}

// Optional private subnets for the functions: endpoints for what is in the region, one NAT gateway for what is not.
import { Eip } from '@cdktf/provider-aws/lib/eip';
import { NatGateway } from '@cdktf/provider-aws/lib/nat-gateway';
import { Route } from '@cdktf/provider-aws/lib/route';
import { RouteTable } from '@cdktf/provider-aws/lib/route-table';
import { VpcEndpoint } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import type { Construct } from 'constructs';
import { ANYWHERE, type Network } from './network';
import { Placed, type PlacedProps } from './region';

/** Third byte of the first private subnet; the public ones begin at 0. */
const FIRST_SUBNET = 10;
const HTTPS = { ipProtocol: 'tcp', fromPort: 443, toPort: 443 } as const;
const INTERFACE_ENDPOINTS = ['lambda', 'sns', 'secretsmanager'] as const;

export class PrivateSubnets extends Placed {
  readonly subnetIds: readonly string[];
  readonly functionSecurityGroupId: string;
  private readonly network: Network;

  constructor(scope: Construct, id: string, { place, network }: PlacedProps & { readonly network: Network }) {
    super(scope, id, place);
    this.network = network;
    const routes = new RouteTable(this, 'routes', { vpcId: network.vpcId });
    this.subnetIds = network.subnets(this, 'private', FIRST_SUBNET, routes.id).map(({ subnet }) => subnet.id);
    const securityGroupId = network.securityGroup(this, 'functions', 'Functions: HTTPS out, nothing in');
    new VpcSecurityGroupEgressRule(this, 'functions_https', { ...HTTPS, securityGroupId, cidrIpv4: ANYWHERE });
    this.functionSecurityGroupId = securityGroupId;
    this.wayOut(routes.id);
    this.endpoints(routes.id);
  }

  /** The peer's table and its /health are in another region, where no endpoint of this VPC reaches. */
  private wayOut(routeTableId: string): void {
    const dependsOn = [...this.network.internet];
    const address = new Eip(this, 'nat_address', { domain: 'vpc', dependsOn });
    const nat = new NatGateway(this, 'nat', {
      subnetId: this.network.publicSubnetIds[0] ?? '',
      allocationId: address.id,
      dependsOn,
    });
    new Route(this, 'nat_route', { routeTableId, destinationCidrBlock: ANYWHERE, natGatewayId: nat.id });
  }

  private endpoints(routeTableId: string): void {
    const { awsRegion } = this.place;
    const { vpcId } = this.network;
    const service = (name: string): string => `com.amazonaws.${awsRegion}.${name}`;
    new VpcEndpoint(this, 'dynamodb', {
      vpcId,
      serviceName: service('dynamodb'),
      vpcEndpointType: 'Gateway',
      routeTableIds: [routeTableId],
    });
    const securityGroupId = this.network.securityGroup(this, 'endpoints', 'VPC endpoints: HTTPS from the VPC');
    const cidrIpv4 = `${this.network.prefix}.0.0/16`;
    new VpcSecurityGroupIngressRule(this, 'endpoints_https', { ...HTTPS, securityGroupId, cidrIpv4 });
    for (const name of INTERFACE_ENDPOINTS) {
      new VpcEndpoint(this, name, {
        vpcId,
        serviceName: service(name),
        vpcEndpointType: 'Interface',
        privateDnsEnabled: true,
        subnetIds: [...this.subnetIds],
        securityGroupIds: [securityGroupId],
      });
    }
  }
}

// Load balancers, addresses, gateways and accelerators.
import { flagOf, type Resource } from '@dr/terraform-json';
import {
  globally,
  HOURS,
  inRegion,
  MILLION,
  standing,
  unpriced,
  used,
  type Bill,
  type Billing,
  type Charge,
} from '../charge';
import { frontDoors, list, requestsAtEach, SECONDS_A_MONTH } from './load';

/** New connections a second, and GB an hour, that make one capacity unit of an application load balancer (its price page). */
const CONNECTIONS_PER_UNIT = 25;
const GB_PER_UNIT = 1;

/** A load balancer has an address in each zone, and must have two zones. */
const zonesOf = ({ values }: Resource): number =>
  Math.max(2, list(values['subnets']).length, list(values['subnet_mapping']).length);

const balancer: Bill = (resource, billing) => {
  const { values } = resource;
  const kind = values['load_balancer_type'] ?? 'application';
  const hasAddresses =
    flagOf(values, 'internal') !== true && values['ip_address_type'] !== 'dualstack-without-public-ipv4';
  const addresses = hasAddresses
    ? [standing('ALB', resource, 'Public IPv4 addresses', 'public-ipv4-hour', zonesOf(resource) * HOURS)]
    : [];
  const units = capacityUnits(billing) * HOURS;
  switch (kind) {
    case 'application':
      return [
        standing('ALB', resource, 'Application load balancers', 'alb-hour', HOURS),
        ...addresses,
        used('ALB', resource, 'Capacity units of application load balancers', 'alb-lcu-hour', units),
      ];
    case 'network':
      return [
        standing('ALB', resource, 'Network load balancers', 'nlb-hour', HOURS),
        ...addresses,
        used('ALB', resource, 'Capacity units of network load balancers', 'nlb-lcu-hour', units),
      ];
    case 'gateway':
      return [standing('ALB', resource, 'Gateway load balancers', 'glb-hour', HOURS)];
    default:
      return [unpriced('ALB', resource, 'Other load balancers')];
  }
};

/** The larger of its connections, one for each request, and its bytes; what the checkers send counts as well. */
function capacityUnits(billing: Billing): number {
  const gbAnHour = billing.usage.outGb / frontDoors(billing).length / HOURS;
  return Math.max(requestsAtEach(billing) / SECONDS_A_MONTH / CONNECTIONS_PER_UNIT, gbAnHour / GB_PER_UNIT);
}

const classic: Bill = (resource) => [
  standing('ALB', resource, 'Classic load balancers', 'clb-hour', HOURS),
  ...(flagOf(resource.values, 'internal') === true
    ? []
    : [standing('ALB', resource, 'Public IPv4 addresses', 'public-ipv4-hour', 2 * HOURS)]),
];

const endpoint: Bill = (resource) => {
  if (resource.values['vpc_endpoint_type'] !== 'Interface') return [];
  const zones = Math.max(1, list(resource.values['subnet_ids']).length);
  return [standing('Other', resource, 'Interface endpoints', 'interface-endpoint-hour', zones * HOURS)];
};

/** Two static addresses, billed as public ones are. */
const accelerator: Bill = (resource) => [
  standing('Other', globally(resource), 'Global accelerators', 'accelerator-hour', HOURS),
  standing('Other', inRegion(resource, 'us-west-2'), 'Public IPv4 addresses', 'public-ipv4-hour', 2 * HOURS),
];

/** [A] Clients are on the continent of the region, and all groups serve alike. */
const endpointGroup: Bill = (resource, { usage, ofTypes }) => {
  const groups = ofTypes(resource.type).length;
  const awsRegion = String(resource.values['endpoint_group_region'] ?? resource.awsRegion);
  const where = inRegion(resource, awsRegion);
  return [used('Data transfer', where, 'Data over accelerators', 'accelerator-data', usage.outGb / groups)];
};

const api =
  (what: string, item: 'api-rest-requests' | 'api-http-requests'): Bill =>
  (resource, billing) => {
    if (resource.values['protocol_type'] === 'WEBSOCKET') return [unpriced('Other', resource, 'WebSocket APIs', true)];
    return [used('Other', resource, what, item, requestsAtEach(billing) / MILLION)];
  };

export const NETWORK: Readonly<Record<string, Bill>> = {
  aws_lb: balancer,
  aws_alb: balancer,
  aws_elb: classic,
  aws_eip: (resource) => [standing('ALB', resource, 'Public IPv4 addresses', 'public-ipv4-hour', HOURS)],
  aws_nat_gateway: (resource) => [standing('Other', resource, 'NAT gateways', 'nat-gateway-hour', HOURS)],
  aws_vpc_endpoint: endpoint,
  aws_globalaccelerator_accelerator: accelerator,
  aws_globalaccelerator_endpoint_group: endpointGroup,
  aws_api_gateway_rest_api: api('Requests to REST APIs', 'api-rest-requests'),
  aws_apigatewayv2_api: api('Requests to HTTP APIs', 'api-http-requests'),
};

/** What crosses the border of a region: of no resource by itself. */
export function dataTransfer(billing: Billing): Charge[] {
  const { usage } = billing;
  const doors = frontDoors(billing);
  const out = doors.map(({ awsRegion }) =>
    used(
      'Data transfer',
      { address: '', awsRegion },
      'Data to the internet',
      'data-to-internet',
      usage.outGb / doors.length,
    ),
  );
  const regions = [...new Set(billing.ofTypes('aws_dynamodb_table').map(({ awsRegion }) => awsRegion))];
  const between = regions.map((awsRegion) =>
    used(
      'Data transfer',
      { address: '', awsRegion },
      'Data to other regions',
      'data-to-other-region',
      usage.betweenRegionsGb / regions.length,
    ),
  );
  return [...out, ...between];
}

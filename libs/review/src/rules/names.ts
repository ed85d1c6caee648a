// Names: can the world resolve them, does each region have one, and does each lead where it says?
import { finding, isWatched, type Finding, type FrontDoor, type PublicName } from '@dr/stack';
import { blocksOf, flagOf, textOf, type Resource } from '@dr/terraform-json';
import type { Rule } from './rule';

const publicZone: Rule = {
  id: 'zone-is-public',
  of: 'serving',
  judge: ({ graph, names }) =>
    names.publicNames
      .flatMap(({ doors }) => doors.flatMap(({ chain }) => chain))
      .flatMap(({ address, zoneId }) => {
        const zone = graph.resources.find(
          (one) => one.type === 'aws_route53_zone' && String(graph.attribute(one, 'zone_id')) === zoneId,
        );
        if (!zone || !isPrivate(zone)) return [];
        const sentence = `is in ${zone.address}, a private zone: nobody on the internet can resolve it`;
        return [finding(address, sentence, 'Put it into a public zone')];
      }),
};

const isPrivate = ({ values }: Resource): boolean =>
  flagOf(values, 'private_zone') === true ||
  blocksOf(values, 'vpc').length > 0 ||
  textOf(values, 'vpc_id') !== undefined;

const leadsSomewhere: Rule = {
  id: 'record-leads-to-an-endpoint',
  of: 'serving',
  judge: ({ names }) =>
    names.publicNames.flatMap(({ records, doors }) =>
      records
        .filter((record) => !doors.some((door) => door.record === record))
        .map(({ address, target }) =>
          finding(
            address,
            `leads to ${target ?? 'addresses'}, and to no load balancer of the stack: nobody answers there`,
            'Lead it to dns_name of an aws_lb, or to a name that leads to one',
          ),
        ),
    ),
};

const regionHasName: Rule = {
  id: 'region-has-a-name',
  of: 'serving',
  judge: ({ graph, names: { publicNames } }) =>
    graph
      .ofType('aws_lb')
      .filter(
        ({ address }) => !publicNames.some(({ doors }) => doors.some((door) => door.balancer.address === address)),
      )
      .map(({ address, awsRegion }) => {
        const domains = publicNames.map(({ domain }) => domain).join(' or ');
        return finding(
          address,
          `is led to by no record of ${domains}, so clients cannot be sent to ${awsRegion}`,
          `Add a record for ${awsRegion}`,
        );
      }),
};

/** Route 53 takes one primary record and one secondary of a name. */
const roles: Rule = {
  id: 'primary-and-secondary',
  of: 'serving',
  judge: ({ names }) =>
    names.publicNames.flatMap(({ records }) =>
      [true, false].flatMap((primary) => {
        const all = records.filter(({ policy }) => policy.kind === 'failover');
        const same = all.filter(({ policy }) => policy.kind === 'failover' && policy.primary === primary);
        const role = primary ? 'primary' : 'secondary';
        const fix = 'Make one record PRIMARY and one SECONDARY';
        if (same.length > 1) return [finding(same.map(({ address }) => address).join(', '), `are all ${role}`, fix)];
        const [other] = all;
        return same.length === 0 && other ? [finding(other.address, `has no ${role} beside it`, fix)] : [];
      }),
    ),
};

/** A latency record of one region that leads to another, while the first has a load balancer of its own. */
const ownRegion: Rule = {
  id: 'record-leads-to-its-region',
  of: 'serving',
  judge: ({ names }) => names.publicNames.flatMap(({ doors }) => doors.flatMap((door) => elsewhere(door, doors))),
};

function elsewhere({ record: { policy, address }, balancer }: FrontDoor, doors: readonly FrontDoor[]): Finding[] {
  if (policy.kind !== 'latency' || policy.awsRegion === balancer.awsRegion) return [];
  if (!doors.some((door) => door.balancer.awsRegion === policy.awsRegion || door.record.policy.kind === 'latency'))
    return [];
  const sentence = `is for clients near ${policy.awsRegion}, but leads to ${balancer.address} in ${balancer.awsRegion}`;
  return [finding(address, sentence, `Lead it to the load balancer of ${policy.awsRegion}`)];
}

const watched: Rule = {
  id: 'record-has-a-health-check',
  of: 'failover',
  judge: ({ names }) =>
    names.publicNames.flatMap(({ records }) =>
      records
        // Where the primary has a health check, the secondary needs none: it is the last resort.
        .filter((record) => !(record.policy.kind === 'failover' && !record.policy.primary))
        .filter((record) => !isWatched(record, names))
        .map(({ address }) =>
          finding(
            address,
            'has no health_check_id: Route 53 takes it for healthy and keeps sending clients to a dead region',
            "Give it a health check of its region's own name",
          ),
        ),
    ),
};

/** Two ways to one place: nothing is left when it is lost. */
const twoEndpoints: Rule = {
  id: 'records-lead-to-different-endpoints',
  of: 'failover',
  judge: ({ names }) => names.publicNames.flatMap(sharedEndpoints),
};

function sharedEndpoints({ doors }: PublicName): Finding[] {
  const byEndpoint = new Map<string, Set<string>>();
  for (const { balancer, record } of doors)
    byEndpoint.set(balancer.address, (byEndpoint.get(balancer.address) ?? new Set()).add(record.address));
  return [...byEndpoint]
    .filter(([, records]) => records.size > 1)
    .map(([endpoint, records]) =>
      finding(
        [...records].join(' and '),
        `lead to one load balancer, ${endpoint}: there is no second region to fail over to`,
        'Lead each record to the load balancer of its own region',
      ),
    );
}

export const NAME_RULES: readonly Rule[] = [
  publicZone,
  leadsSomewhere,
  regionHasName,
  roles,
  ownRegion,
  watched,
  twoEndpoints,
];

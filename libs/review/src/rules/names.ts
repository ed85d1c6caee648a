// Names: can the world resolve them, does each region have one, and does each lead where it says?
import { finding, frontNames, isPrivateZone, isWatched } from '@dr/stack';
import { LATENCY } from './pages';
import type { Rule } from './rule';

export const NAME_RULES: readonly Rule[] = [
  {
    id: 'zone-is-public',
    of: 'serving',
    *judge({ graph, names }) {
      const doors = frontNames(names).flatMap((name) => name.doors);
      for (const { address, zoneId } of doors.flatMap(({ chain }) => chain)) {
        const zone = graph.resources.find(
          (one) => one.type === 'aws_route53_zone' && String(graph.attribute(one, 'zone_id')) === zoneId,
        );
        if (!zone || !isPrivateZone(zone)) continue;
        const sentence = `is in ${zone.address}, a private zone: nobody on the internet can resolve it`;
        yield finding(address, sentence, 'Put it into a public zone');
      }
    },
  },
  {
    id: 'record-leads-to-an-endpoint',
    of: 'serving',
    *judge({ names }) {
      for (const { records, doors } of frontNames(names))
        for (const record of records.filter((one) => !doors.some((door) => door.record === one)))
          yield finding(
            record.address,
            `leads to ${record.target ?? 'addresses'}, and to no load balancer of the stack: nobody answers there`,
            'Lead it to dns_name of an aws_lb, or to a name that leads to one',
          );
    },
  },
  {
    id: 'region-has-a-name',
    of: 'serving',
    *judge({ graph, names }) {
      const fronts = frontNames(names);
      const domains = fronts.map(({ domain }) => domain).join(' or ');
      const led = new Set(fronts.flatMap(({ doors }) => doors.map(({ balancer }) => balancer.address)));
      for (const { address, awsRegion } of graph.ofType('aws_lb').filter((one) => !led.has(one.address))) {
        const sentence = `is led to by no record of ${domains}, so clients cannot be sent to ${awsRegion}`;
        yield finding(address, sentence, `Add a record for ${awsRegion}`);
      }
    },
  },
  {
    // Route 53 takes one primary record and one secondary of a name.
    id: 'primary-and-secondary',
    of: 'serving',
    *judge({ names }) {
      const fix = 'Make one record PRIMARY and one SECONDARY';
      for (const { records } of names.publicNames)
        for (const primary of [true, false]) {
          const all = records.filter(({ policy }) => policy.kind === 'failover');
          const same = all.filter(({ policy }) => policy.kind === 'failover' && policy.primary === primary);
          const role = primary ? 'primary' : 'secondary';
          const [other] = all;
          if (same.length > 1) yield finding(same.map(({ address }) => address).join(', '), `are all ${role}`, fix);
          else if (same.length === 0 && other) yield finding(other.address, `has no ${role} beside it`, fix);
        }
    },
  },
  {
    id: 'record-leads-to-its-region',
    of: 'serving',
    source: LATENCY,
    statement: 'A latency record leads to an endpoint of the region that it names.',
    atFailover: 'Clients of one region are lost with another one',
    *judge({ names }) {
      for (const { ways } of names.publicNames)
        for (const { record, endpoint } of ways) {
          const { policy, address } = record;
          const { awsRegion, resource } = endpoint;
          if (policy.kind !== 'latency' || awsRegion === undefined) continue;
          // A name behind it may choose, and leads elsewhere when its own region is lost.
          const led = ways.filter((way) => way.record === record).map((way) => way.endpoint.awsRegion);
          if (led.includes(policy.awsRegion)) continue;
          const sentence = `is for clients near ${policy.awsRegion}, but leads to ${resource.address} in ${awsRegion}`;
          yield finding(address, sentence, `Lead it to an endpoint of ${policy.awsRegion}`);
        }
    },
  },
  {
    id: 'record-has-a-health-check',
    of: 'failover',
    *judge({ names }) {
      const sentence =
        'has no health_check_id: Route 53 takes it for healthy and keeps sending clients to a dead region';
      for (const record of names.publicNames.flatMap(({ records }) => records)) {
        // Where the primary has a health check, the secondary needs none: it is the last resort.
        if (record.policy.kind === 'failover' && !record.policy.primary) continue;
        if (!isWatched(record, names))
          yield finding(record.address, sentence, "Give it a health check of its region's own name");
      }
    },
  },
  {
    // Two ways to one place: nothing is left when it is lost.
    id: 'records-lead-to-different-endpoints',
    of: 'failover',
    *judge({ names }) {
      for (const { doors } of names.publicNames)
        for (const endpoint of new Set(doors.map(({ balancer }) => balancer.address))) {
          const leading = doors.filter(({ balancer }) => balancer.address === endpoint);
          const records = [...new Set(leading.map(({ record }) => record.address))];
          const sentence = `lead to one load balancer, ${endpoint}: there is no second region to fail over to`;
          if (records.length > 1)
            yield finding(records.join(' and '), sentence, 'Lead each record to the load balancer of its own region');
        }
    },
  },
];

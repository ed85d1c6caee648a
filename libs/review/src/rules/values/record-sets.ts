// Records of one name that Route 53 does not take beside each other.
import { finding, type DnsRecord, type RoutingPolicy } from '@dr/stack';
import type { Rule } from '../rule';

export const recordSetValues: Rule = {
  id: 'record-set-is-one-that-aws-takes',
  of: 'serving',
  severity: 'blocks',
  source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ResourceRecordSet.html',
  statement:
    'Of the records of one name and type, no two have the same failover role, the same region of latency, or the same place of geolocation.',
  atFailover: 'The apply fails, so there is no such record',
  *judge({ names }) {
    const sets = new Map<string, { readonly role: string; readonly records: DnsRecord[] }>();
    for (const record of names.records) {
      const role = roleOf(record.policy);
      // Whose zone is unknown may be in another one.
      if (role === undefined || record.unknown.some(({ path }) => path === 'zone_id')) continue;
      const key = [record.zoneId, record.name, record.type, role].join(' ');
      const set = sets.get(key);
      if (set) set.records.push(record);
      else sets.set(key, { role, records: [record] });
    }
    for (const { role, records } of sets.values())
      if (records.length > 1)
        yield finding(records.map(({ address }) => address).join(', '), `are all ${role}`, 'Keep one of them');
  },
};

/** What no other record of the name may be; undefined where nothing of it is exclusive. */
function roleOf(policy: RoutingPolicy): string | undefined {
  switch (policy.kind) {
    case 'failover':
      return policy.primary ? 'primary' : 'secondary';
    case 'latency':
      return `for clients near ${policy.awsRegion}`;
    case 'geolocation': {
      const { continent, country, subdivision } = policy;
      const place = [continent, country, subdivision].filter((one) => one !== undefined).join('-');
      return place === '' ? 'the default' : `for clients in ${place}`;
    }
    default:
      return undefined;
  }
}

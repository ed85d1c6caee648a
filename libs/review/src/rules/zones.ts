// Zones and records beside the ones that clients are led by: who answers for a name, and to whom.
import { finding, frontNames, isPrivateZone, readNames, type DnsRecord, type Finding } from '@dr/stack';
import { textOf, textsOf, UnknownValueError, type Graph, type Resource } from '@dr/terraform-json';
import type { Rule, Stack } from './rule';

export const ZONE_RULES: readonly Rule[] = [
  {
    // A zone answers for its name once the zone above it, or the registrar, names its servers (Route 53 developer guide, GetInfoAboutHostedZone).
    id: 'one-zone-answers-for-a-name',
    of: 'serving',
    *judge(stack) {
      const zones = openZones(stack.graph);
      for (const record of leading(stack)) {
        const own = zones.find(({ id }) => id === record.zoneId);
        if (own) yield* otherZones(record, own, zones);
      }
      for (const zone of zones) yield* notDelegated(stack.graph, zone, zones);
    },
  },
  {
    id: 'records-of-a-name-are-in-one-zone',
    of: 'serving',
    *judge({ names }) {
      const seen = new Map<string, DnsRecord>();
      for (const record of names.publicNames.flatMap(({ records }) => records)) {
        const other = seen.get(record.name) ?? record;
        seen.set(record.name, other);
        const sentence = `is in another zone than ${other.address}, which has the same name: Route 53 chooses among records of one zone`;
        if (other.zoneId !== record.zoneId) yield finding(record.address, sentence, 'Put them into one zone');
      }
    },
  },
  {
    id: 'no-other-answer-leads-away',
    of: 'serving',
    *judge(stack) {
      const led = new Set(leading(stack).map(({ name }) => name));
      yield* sixth(stack.graph, led);
      for (const record of stack.graph.ofType('aws_route53_record')) {
        const type = textOf(record.values, 'type') ?? '';
        if (type !== 'HTTPS' && type !== 'SVCB') continue;
        const sentence = `is of type ${type}, which tells clients where to connect and which the twin does not read`;
        if (led.has(String(stack.graph.attribute(record, 'fqdn'))))
          yield finding(record.address, sentence, 'Drill the stack without it');
      }
    },
  },
];

interface Zone {
  readonly id: string;
  readonly name: string;
  readonly resource: Resource;
}

/** Each once, however often it is looked up; without a name where it is looked up by its id. */
function openZones(graph: Graph): readonly Zone[] {
  const zones = new Map<string, Zone>();
  for (const resource of graph.resources.filter(({ type }) => type === 'aws_route53_zone')) {
    const id = String(graph.attribute(resource, 'zone_id'));
    const name = (textOf(resource.values, 'name') ?? '').toLowerCase().replace(/\.$/, '');
    if (name !== '' && !isPrivateZone(resource) && !zones.has(id)) zones.set(id, { id, name, resource });
  }
  return [...zones.values()];
}

/** Records by which clients are led to a load balancer, each once. */
const leading = ({ names }: Stack): readonly DnsRecord[] => [
  ...new Set(frontNames(names).flatMap(({ doors }) => doors.flatMap(({ chain }) => chain))),
];

const isWithin = (name: string, zone: string): boolean => name === zone || name.endsWith(`.${zone}`);

function* otherZones({ address, name }: DnsRecord, own: Zone, zones: readonly Zone[]): Iterable<Finding> {
  for (const other of zones.filter(({ id }) => id !== own.id)) {
    const same = `is in ${own.resource.address}, and ${other.resource.address} has the same name: which of them is asked is unknown`;
    if (other.name === own.name) yield finding(address, same, 'Keep one zone of that name');
    const nearer = `is in ${own.resource.address}, and ${other.resource.address} is the zone of ${other.name}: resolvers ask that one`;
    if (other.name !== own.name && isWithin(other.name, own.name) && isWithin(name, other.name))
      yield finding(address, nearer, `Put it into ${other.resource.address}`);
  }
}

/** A zone that the stack makes below one that it has. */
function* notDelegated(graph: Graph, { name, resource }: Zone, zones: readonly Zone[]): Iterable<Finding> {
  const [above] = zones
    .filter((one) => one.name !== name && isWithin(name, one.name))
    .sort((a, b) => b.name.length - a.name.length);
  if (resource.mode !== 'managed' || !above) return;
  const servers = listed(graph.attribute(resource, 'name_servers'));
  const isNamed = graph
    .ofType('aws_route53_record')
    .some(
      (record) =>
        textOf(record.values, 'type') === 'NS' &&
        textOf(record.values, 'zone_id') === above.id &&
        graph.attribute(record, 'fqdn') === name &&
        listed(textsOf(record.values, 'records')) === servers,
    );
  const sentence = `is below ${above.resource.address}, where no NS record leads to its name_servers: nobody asks it`;
  if (!isNamed) yield finding(resource.address, sentence, `Add an NS record ${name} to ${above.resource.address}`);
}

const listed = (servers: unknown): string => (Array.isArray(servers) ? servers.map(String).sort().join(' ') : '');

/** Who asks for IPv6 addresses as well takes them first (RFC 6555). */
function* sixth(graph: Graph, led: ReadonlySet<string>): Iterable<Finding> {
  const names = readNames(graph, 'AAAA');
  for (const record of names.records.filter(({ type, name }) => type === 'AAAA' && led.has(name))) {
    const [unknown] = record.unknown;
    if (unknown) throw new UnknownValueError(unknown);
    const [balancer] = names.behind(record.target ?? '');
    const nowhere = `answers ${record.target ?? 'nothing'} to clients of IPv6, which is no load balancer of the stack`;
    const unread = `leads clients of IPv6 to ${balancer?.address}: whether its network lets them in is unknown`;
    yield finding(record.address, balancer ? unread : nowhere, 'Drill the stack without it');
  }
}

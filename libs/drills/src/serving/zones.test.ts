// Faults of who answers for a name: two zones of one name, nearer zones, zones that nobody asks, and answers of other types.
import { add, all, isFound, judged, set, type Json, type Stack } from './testing/plant';

const RECORD = 'aws_route53_record.mumbai_dns_record';
const REGIONAL = 'aws_route53_record.mumbai_dns_regional_name';
const ZONE = 'data.aws_route53_zone.zone';
const ZONE_ID = `\${${ZONE}.zone_id}`;
const zone = (name: string, more: Json = {}) => add('aws_route53_zone.z', { provider: 'aws', name, ...more });
const OWN_ID = '${aws_route53_zone.z.zone_id}';
const into = (address: string) => set(address, { zone_id: OWN_ID });
const record = (type: string, body: Json) =>
  add('aws_route53_record.more', { provider: 'aws', zone_id: ZONE_ID, type, ttl: 60, ...body });
const servers = (more: Json = {}) =>
  record('NS', { name: 'inner.app.example.com', records: '${aws_route53_zone.z.name_servers}', ...more });

isFound([
  [
    'one record in a new zone of the same name',
    all(zone('example.com'), into(RECORD)),
    `${RECORD} is in aws_route53_zone.z, and ${ZONE} has the same name`,
  ],
  [
    'a zone of the same name beside it',
    zone('EXAMPLE.com.'),
    `${RECORD} is in ${ZONE}, and aws_route53_zone.z has the same name`,
  ],
  [
    'records of one name in two zones',
    all(zone('example.com'), into(RECORD)),
    `aws_route53_record.singapore_dns_record is in another zone than ${RECORD}, which has the same name`,
  ],
  [
    'a nearer zone',
    zone('mumbai.app.example.com'),
    `${REGIONAL} is in ${ZONE}, and aws_route53_zone.z is the zone of mumbai.app.example.com`,
  ],
  [
    'a zone that nobody asks',
    zone('inner.app.example.com'),
    `aws_route53_zone.z is below ${ZONE}, where no NS record leads to its name_servers`,
  ],
  [
    'a zone whose servers are others',
    all(zone('inner.app.example.com'), servers({ records: ['ns-1.example.net'] })),
    'aws_route53_zone.z is below',
  ],
  [
    "an address of IPv6 that is nobody's",
    record('AAAA', { name: 'mumbai.app.example.com', records: ['2001:db8::1'] }),
    'aws_route53_record.more answers 2001:db8::1 to clients of IPv6',
  ],
  [
    'an alias of IPv6 to a name that leads nowhere',
    record('AAAA', {
      name: 'mumbai.app.example.com',
      ttl: null,
      alias: { name: 'gone.example.net', zone_id: 'Z', evaluate_target_health: false },
    }),
    'aws_route53_record.more answers gone.example.net to clients of IPv6',
  ],
  [
    'a load balancer over IPv6',
    record('AAAA', {
      name: 'mumbai.app.example.com',
      ttl: null,
      alias: { name: '${aws_lb.mumbai_alb.dns_name}', zone_id: 'Z', evaluate_target_health: false },
    }),
    'aws_route53_record.more leads clients of IPv6 to aws_lb.mumbai_alb: whether its network lets them in is unknown',
  ],
  [
    'an address of IPv6 beside a CNAME',
    record('AAAA', { name: 'app.example.com', records: ['2001:db8::1'] }),
    /AAAA app\.example\.com: conflicts with/,
  ],
  [
    'where to connect, of type HTTPS',
    record('HTTPS', { name: 'mumbai.app.example.com', records: ['1 edge.example.net.'] }),
    'aws_route53_record.more is of type HTTPS',
  ],
]);

test.each<[string, (stack: Stack) => void]>([
  ['a zone of another name', zone('example.org')],
  ['a private zone of the same name', zone('example.com', { vpc: [{ vpc_id: 'vpc-1' }] })],
  ['a zone below, which the one above leads to', all(zone('inner.app.example.com'), servers())],
  [
    'the zone looked up twice',
    (stack) => {
      const zones = (stack['data'] as Record<string, Record<string, Json>>)['aws_route53_zone'] as Record<string, Json>;
      zones['again'] = { ...zones['zone'], zone_id: ZONE_ID };
    },
  ],
  ['addresses of IPv6 of another name', record('AAAA', { name: 'docs.example.com', records: ['2001:db8::1'] })],
  ['a text beside the name', record('TXT', { name: 'mumbai.app.example.com', records: ['hello'] })],
])('nothing is found: %s', (_, plant) => expect(judged(plant)).toBe(''));

// Where names lead, as Terraform lets them be written, and what a stack says of itself by them.
import { parseStack, type Graph } from '@dr/terraform-json';
import { readHealthChecks } from '../health-checks';
import { readShape } from '../shape';
import { isWatched, readNames } from './names';

type Body = Readonly<Record<string, unknown>>;

const REGIONS = { a: 'eu-west-1', b: 'eu-central-1', c: 'us-east-1' } as const;
type Alias = keyof typeof REGIONS;

const aliasTo = (name: string, evaluate = false): Body => ({
  alias: { name, zone_id: 'Z', evaluate_target_health: evaluate },
});
const lb = (id: Alias): string => `\${aws_lb.${id}.dns_name}`;

/** One load balancer for each region, one zone, and what is given. */
function stackWith(resource: Readonly<Record<string, Readonly<Record<string, Body>>>>, more: Body = {}): Graph {
  const balancers = Object.keys(REGIONS).map((id) => [id, { name: id, provider: `aws.${id}` }] as const);
  const { aws_route53_record: records = {}, ...rest } = resource;
  return parseStack(
    {
      provider: {
        aws: [{ region: 'us-east-1' }, ...Object.entries(REGIONS).map(([alias, region]) => ({ alias, region }))],
      },
      resource: {
        aws_lb: Object.fromEntries(balancers),
        aws_route53_zone: { zone: { name: 'example.com' } },
        aws_route53_record: Object.fromEntries(
          Object.entries(records).map(([name, body]) => [
            name,
            { zone_id: '${aws_route53_zone.zone.zone_id}', type: 'A', ...body },
          ]),
        ),
        ...rest,
      },
      ...more,
    },
    '/stack',
  );
}

const doorsOf = (graph: Graph) =>
  Object.fromEntries(
    readNames(graph).publicNames.map(({ domain, doors }) => [domain, doors.map(({ balancer }) => balancer.address)]),
  );

const latency = (id: Alias, body: Body): Body => ({
  set_identifier: id,
  latency_routing_policy: { region: REGIONS[id] },
  ...body,
});

test('a name without its zone is qualified by it', () => {
  const graph = stackWith({
    aws_route53_record: {
      a: latency('a', { name: 'app', ...aliasTo(lb('a')) }),
      b: latency('b', { name: 'APP.', ...aliasTo(lb('b')) }),
    },
  });
  expect(readShape(graph)).toMatchObject({ domain: 'app.example.com', routing: 'latency' });
  expect(doorsOf(graph)).toEqual({ 'app.example.com': ['aws_lb.a', 'aws_lb.b'] });
});

test('what refers to the fqdn of such a record gets the whole name', () => {
  const graph = stackWith({
    aws_route53_record: {
      regional: { name: 'a', ...aliasTo(lb('a')) },
      a: latency('a', { ttl: 20, type: 'CNAME', records: ['${aws_route53_record.regional.fqdn}'], name: 'app' }),
    },
    aws_route53_health_check: {
      a: { type: 'HTTPS', fqdn: '${aws_route53_record.regional.fqdn}', request_interval: 10 },
    },
  });
  const [check] = readHealthChecks(graph).values();
  expect(check?.source).toMatchObject({ host: 'a.example.com' });
  expect(
    readNames(graph)
      .behind('A.example.com.')
      .map(({ address }) => address),
  ).toEqual(['aws_lb.a']);
  expect(doorsOf(graph)).toEqual({ 'app.example.com': ['aws_lb.a'] });
});

test('several names, each with its policy; regions are those of the load balancers that they lead to', () => {
  const graph = stackWith(
    {
      aws_route53_record: {
        shop_b: {
          name: 'shop',
          set_identifier: 'b',
          weighted_routing_policy: { weight: 1 },
          ...aliasTo(lb('b'), true),
        },
        shop_a: {
          name: 'shop',
          set_identifier: 'a',
          weighted_routing_policy: { weight: 2 },
          ...aliasTo(lb('a'), true),
        },
        pay_a: { name: 'pay', set_identifier: 'a', failover_routing_policy: { type: 'PRIMARY' }, ...aliasTo(lb('a')) },
        pay_c: {
          name: 'pay',
          set_identifier: 'c',
          failover_routing_policy: { type: 'SECONDARY' },
          ...aliasTo(lb('c')),
        },
        docs: { name: 'docs', ...aliasTo(lb('a')) },
      },
    },
    { output: { regions: { value: { elsewhere: 'ap-south-1' } } } },
  );
  expect(readNames(graph).publicNames.map(({ domain, routing }) => [domain, routing])).toEqual([
    ['shop.example.com', 'weighted'],
    ['pay.example.com', 'failover'],
  ]);
  const shape = readShape(graph, new Map([['eu-west-1', 'dublin']]));
  expect(shape.regions).toEqual([
    { awsRegion: 'eu-central-1', name: 'eu-central-1' },
    { awsRegion: 'eu-west-1', name: 'dublin' },
    { awsRegion: 'us-east-1', name: 'us-east-1' },
  ]);
  // The load balancers' own nodes are asked for `evaluate_target_health`.
  expect(shape.settings).toEqual({ intervalSeconds: 10, failureThreshold: 3, ttlSeconds: 60 });
});

test('a policy behind a policy is one way in, with every load balancer at its end', () => {
  const weighted = (id: Alias, weight: number) => ({
    name: 'eu',
    set_identifier: id,
    weighted_routing_policy: { weight },
    ...aliasTo(lb(id), true),
  });
  const graph = stackWith({
    aws_route53_record: {
      eu_a: weighted('a', 1),
      eu_b: weighted('b', 1),
      app_eu: latency('a', { name: 'app', ...aliasTo('eu.example.com', true) }),
      app_us: latency('c', { name: 'app', ...aliasTo(lb('c')) }),
    },
  });
  const { publicNames, records } = readNames(graph);
  expect(doorsOf(graph)).toEqual({ 'app.example.com': ['aws_lb.a', 'aws_lb.b', 'aws_lb.c'] });
  expect(publicNames[0]?.records.map((record) => isWatched(record, { records }))).toEqual([true, false]);
});

test('names that lead round in a circle lead nowhere', () => {
  const cname = (name: string, to: string) => ({ name, type: 'CNAME', ttl: 5, records: [to] });
  const graph = stackWith({
    aws_route53_record: {
      a: latency('a', cname('app', 'x.example.com')),
      x: cname('x', 'y.example.com'),
      y: cname('y', 'x.example.com'),
    },
  });
  expect(doorsOf(graph)).toEqual({ 'app.example.com': [] });
});

test('a name outside its zone is refused, as Route 53 refuses it', () => {
  const graph = stackWith({ aws_route53_record: { a: latency('a', { name: 'my-example.com', ...aliasTo(lb('a')) }) } });
  expect(() => readNames(graph)).toThrow(/aws_route53_record\.a.*my-example\.com.*outside its zone example\.com/);
});

describe('what other teams have', () => {
  const latency = (id: Alias, more: Body = {}): Body => ({
    name: 'app',
    set_identifier: id,
    latency_routing_policy: { region: REGIONS[id] },
    ...aliasTo(lb(id)),
    ...more,
  });

  it('a name in a public zone and in a private one has the records that the internet sees', () => {
    const inside = { name: 'app', zone_id: '${aws_route53_zone.inside.zone_id}', ...aliasTo(lb('c')) };
    const zones = { zone: { name: 'example.com' }, inside: { name: 'example.com', vpc: { vpc_id: 'vpc-1' } } };
    const records = { a: latency('a'), b: latency('b'), inside };
    const graph = stackWith({ aws_route53_record: records, aws_route53_zone: zones });
    expect(readNames(graph).records.map(({ address }) => address)).toEqual([
      'aws_route53_record.a',
      'aws_route53_record.b',
    ]);
  });

  it('a policy that is not known before an apply contradicts no other', () => {
    const graph = stackWith(
      {
        aws_route53_record: {
          a: latency('a', { latency_routing_policy: { region: '${var.region}' } }),
          b: latency('b'),
        },
      },
      { variable: { region: {} } },
    );
    expect(
      readNames(graph)
        .recordsOf('app.example.com')
        .map(({ policy }) => policy),
    ).toEqual([
      { kind: 'other', argument: 'latency_routing_policy' },
      { kind: 'latency', awsRegion: 'eu-central-1' },
    ]);
  });

  it('nor does a region that nobody knows here', () => {
    const newest = { latency_routing_policy: { region: 'xx-new-1' } };
    const [a] = readNames(stackWith({ aws_route53_record: { a: latency('a', newest), b: latency('b') } })).records;
    expect(a?.policy).toMatchObject({ kind: 'other' });
    expect(a?.unknown).toMatchObject([{ reason: 'nobody knows here where "xx-new-1" is' }]);
  });

  it.each([
    ['x-1.eu-west-1.elb.amazonaws.com', 'alb', 'eu-west-1'],
    ['dualstack.x-1.us-gov-west-1.elb.amazonaws.com', 'alb', 'us-gov-west-1'],
    ['x-1.cn-north-1.elb.amazonaws.com.cn', 'alb', 'cn-north-1'],
    ['x-1.elb.ap-southeast-2.amazonaws.com', 'nlb', 'ap-southeast-2'],
    ['d-x.execute-api.sa-east-1.amazonaws.com', 'gateway', 'sa-east-1'],
    ['x.lambda-url.us-east-2.on.aws', 'compute', 'us-east-2'],
    ['ec2-192-0-2-1.eu-west-3.compute.amazonaws.com', 'compute', 'eu-west-3'],
    ['x.eu-north-1.elasticbeanstalk.com', 'compute', 'eu-north-1'],
    ['x.s3-website.eu-central-1.amazonaws.com', 'bucket', 'eu-central-1'],
    ['x.s3-website-us-east-1.amazonaws.com', 'bucket', 'us-east-1'],
  ])('%s is told by its name', (name, kind, awsRegion) => {
    const { endpointsBehind } = readNames(stackWith({ aws_route53_record: { a: { name: 'app', ...aliasTo(name) } } }));
    expect(endpointsBehind('app.example.com')).toMatchObject([{ kind, awsRegion, isElsewhere: true }]);
  });

  it.each(['example.org', 'd1.cloudfront.net', 'x.awsglobalaccelerator.com', 'elb.amazonaws.com'])(
    '%s tells nothing of a region',
    (name) => {
      const graph = stackWith({ aws_route53_record: { a: { name: 'app', type: 'CNAME', ttl: 60, records: [name] } } });
      expect(readNames(graph).endpointsBehind('app.example.com')).toEqual([]);
    },
  );
});

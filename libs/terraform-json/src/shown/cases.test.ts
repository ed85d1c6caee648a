// Stacks of other teams: every file is read, with the region of each balancer, where each record leads, and what is unknown.
import { InputError } from '@dr/contracts';
import * as fc from 'fast-check';
import { blocksOf, textsOf } from '../attributes';
import { isGlobal } from '../resource-types';
import type { Graph, Resource } from '../graph';
import { parseStack } from '../read-stack';
import { CASES, caseJson } from './testing/cases';
import { balancer, planJson, refs } from './testing/plan';

/** Where a record leads: a balancer, something else of the stack, or `?` where that is unknown. */
function targetOf(graph: Graph, record: Resource): string {
  const ends = [...graph.ofType('aws_lb'), ...graph.ofType('aws_globalaccelerator_accelerator')];
  const names = new Map(ends.map((one) => [graph.attribute(one, 'dns_name'), one.address]));
  try {
    const [name] = [
      ...blocksOf(record.values, 'alias').map((alias) => alias['name']),
      ...textsOf(record.values, 'records'),
    ];
    return names.get(name) ?? String(name);
  } catch (error) {
    expect(error).toBeInstanceOf(InputError);
    return '?';
  }
}

interface Expected {
  readonly balancers: Readonly<Record<string, string>>;
  /** In the order of the records. */
  readonly leadsTo: readonly string[];
  readonly unknown: number;
}

const pair = (
  one: string,
  oneRegion: string,
  two: string,
  twoRegion: string,
  unknown: number,
  leadsTo: readonly string[],
): Expected => ({
  balancers: { [one]: oneRegion, [two]: twoRegion },
  leadsTo,
  unknown,
});
const [FRA, IRL] = ['aws_lb.frankfurt', 'aws_lb.ireland'];
const [DE, US] = ['module.fra.aws_lb.this', 'module.iad.aws_lb.this'];
const [OHIO, CALIFORNIA] = ['aws_lb.ohio', 'aws_lb.california'];
const storefront = pair(FRA, 'eu-central-1', IRL, 'eu-west-1', 0, [FRA, IRL, IRL, FRA]);
const meters = pair(CALIFORNIA, 'us-west-1', OHIO, 'us-east-2', 0, [CALIFORNIA, OHIO]);
const portal = pair(DE, 'eu-central-1', US, 'us-east-1', 0, [
  DE,
  US,
  DE,
  'world.records.fennimore-health.example',
  DE,
  US,
]);
const maps = (unknown: number): Expected =>
  pair('aws_lb.eu', 'eu-central-1', 'aws_lb.us', 'us-east-1', unknown, [
    ...['aws_lb.eu', 'aws_lb.us', 'aws_lb.eu', 'aws_lb.us', 'aws_lb.eu', 'aws_lb.us', 'aws_lb.eu', 'aws_lb.us'],
  ]);
const [EU, AMERICA] = ['module.stack_eu.aws_lb.this', 'module.stack_us.aws_lb.this'];
const [SEOUL, SINGAPORE] = ['module.seoul.aws_alb.web', 'module.singapore.aws_alb.web'];
const [DESK, OREGON] = ['module.ohio.aws_lb.desk', 'module.oregon.aws_lb.desk'];
const one = (region: string): Expected => ({
  balancers: { 'aws_lb.board': region },
  leadsTo: ['aws_lb.board'],
  unknown: 0,
});

const EXPECTED: Readonly<Record<string, Expected>> = {
  '01-alb-ecs-failover.plan': storefront,
  '01-alb-ecs-failover.state': storefront,
  '03-modules-for-each.plan': pair(EU, 'eu-north-1', AMERICA, 'us-east-2', 6, ['?', '?']),
  '03-modules-for-each.state': pair(EU, 'eu-north-1', AMERICA, 'us-east-2', 0, [EU, AMERICA]),
  '05-apigw-lambda-check.plan': {
    balancers: {},
    leadsTo: ['montreal', 'oregon'].map(
      (name) => `aws_apigatewayv2_domain_name.${name}.domain_name_configuration[0].target_domain_name`,
    ),
    unknown: 8,
  },
  '06-apigw-eth-only.plan': {
    balancers: {},
    leadsTo: ['east', 'west'].map((name) => `module.${name}.aws_api_gateway_domain_name.this.regional_domain_name`),
    unknown: 4,
  },
  '07-check-on-own-name.plan': pair(SEOUL, 'ap-northeast-2', SINGAPORE, 'ap-southeast-1', 0, [SINGAPORE, SEOUL]),
  '09-disabled-and-inverted.plan': pair('aws_lb.saopaulo', 'sa-east-1', 'aws_lb.virginia', 'us-east-1', 0, [
    ...['aws_lb.saopaulo', 'aws_lb.virginia', 'aws_lb.saopaulo', 'aws_lb.virginia'],
  ]),
  '11-eth-only-empty-group.plan': pair(
    'module.dub.aws_lb.queue',
    'eu-west-1',
    'module.iad.aws_lb.queue',
    'us-east-1',
    0,
    [...['module.iad.aws_lb.queue', 'module.dub.aws_lb.queue']],
  ),
  '13-geolocation-pin.plan': portal,
  '13-geolocation-pin.state': portal,
  '15-global-accelerator.plan': pair('aws_lb.ie', 'eu-west-1', 'aws_lb.us', 'us-east-1', 0, [
    'aws_globalaccelerator_accelerator.lobby',
  ]),
  '17-aurora-global.plan': pair('module.ireland.aws_lb.web', 'eu-west-1', 'module.london.aws_lb.web', 'eu-west-2', 2, [
    ...['module.ireland.aws_lb.web', 'module.london.aws_lb.web'],
  ]),
  '19-table-replica-kms.plan': pair(DESK, 'us-east-2', OREGON, 'us-west-2', 2, [DESK, OREGON]),
  '19-table-replica-kms.state': pair(DESK, 'us-east-2', OREGON, 'us-west-2', 0, [DESK, OREGON]),
  '20-change-check-detached.plan': meters,
  '20-change-check-detached.before.state': meters,
  '21-two-states.eu.plan': one('eu-central-1'),
  '21-two-states.eu.state': one('eu-central-1'),
  '21-two-states.us.plan': one('us-west-2'),
  '21-two-states.us.state': one('us-west-2'),
  '22-alarm-wrong-region.plan': pair(
    'module.fallback.aws_lb.site',
    'us-east-2',
    'module.primary.aws_lb.site',
    'eu-west-1',
    2,
    [...['module.fallback.aws_lb.site', 'module.primary.aws_lb.site']],
  ),
  '25-unknown-at-plan.plan': maps(1),
  '25-unknown-at-plan.state': maps(0),
  '27-change-ttl-300.plan': meters,
  '27-change-ttl-300.before.state': meters,
  '29-change-harmless.plan': meters,
  '29-change-harmless.before.state': meters,
};

it('there is an answer for each file', () => expect([...CASES].sort()).toEqual(Object.keys(EXPECTED).sort()));

it.each(Object.entries(EXPECTED))('%s', (name, { balancers, leadsTo, unknown }) => {
  const graph = parseStack(caseJson(name), '/');
  expect(Object.fromEntries(graph.ofType('aws_lb').map((lb) => [lb.address, lb.awsRegion]))).toEqual(balancers);
  const records = graph.ofType('aws_route53_record');
  expect(records.map((record) => targetOf(graph, record))).toEqual(leadsTo);
  expect(records.every(({ type }) => isGlobal(type))).toBe(true);
  expect(graph.unknown).toHaveLength(unknown);
  expect(graph.unknown.filter(({ path }) => path === 'region')).toEqual([]);
});

it("a check's removal: what was applied has it, and the plan does not", () => {
  const graph = parseStack(caseJson('20-change-check-detached.plan'), '/');
  const address = 'aws_route53_record.california';
  const checks = [graph.before, graph].map((one) => one?.get(address)?.values['health_check_id']);
  expect(checks).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), undefined]);
});

describe('whatever becomes of a file', () => {
  const small = planJson({
    resources: [
      balancer('module.a["x"].aws_lb.b'),
      { address: 'aws_route53_zone.z', values: { name: 'a.example' }, unknown: { zone_id: true } },
      {
        address: 'module.n["x"].aws_route53_record.r[0]',
        values: { name: 'www', alias: [{ evaluate_target_health: true }], tags: { a: 'b' } },
        unknown: { alias: [{ name: true, zone_id: true }], zone_id: true, fqdn: true, health_check_id: true },
        written: {
          alias: [{ name: refs('var.dns'), zone_id: refs('each.value.zone_id') }],
          zone_id: refs('aws_route53_zone.z.zone_id'),
          health_check_id: refs('local.check', 'count.index'),
        },
        secret: { tags: { a: true } },
        provider: 'aws.ohio',
      },
    ],
    calls: {
      'module.a': { module: { outputs: { dns: { expression: refs('aws_lb.b.dns_name') } } } },
      'module.n': {
        call: { expressions: { dns: refs('module.a["x"].dns') }, for_each_expression: refs('module.a') },
        module: { variables: { dns: {} } },
      },
    },
    prior: [{ address: 'data.aws_region.here', values: { name: 'us-west-2' } }],
    more: {
      variables: { region: { value: 'eu-west-1' } },
      deferred_changes: [],
      resource_drift: [],
    },
  });
  const texts = [
    '{}',
    '[]',
    '"var.dns"',
    '{"references":["module.n.x","module.n"]}',
    '{"references":["var.dns"]}',
    'true',
    // Names that every object of JavaScript has.
    '{"toString":0,"valueOf":null}',
    '{"__proto__":null,"hasOwnProperty":1,"constructor":[]}',
    '{"length":3,"0":{}}',
    '"__proto__"',
    '"toString"',
  ];
  const anything = fc.oneof(
    fc.jsonValue(),
    fc.constantFrom(...texts).map((text): unknown => JSON.parse(text)),
  );

  /** Every place in a JSON, as a path. */
  function placesIn(json: unknown, path: readonly string[] = []): (readonly string[])[] {
    if (typeof json !== 'object' || json === null) return [path];
    return [path, ...Object.entries(json).flatMap(([key, inner]) => placesIn(inner, [...path, key]))];
  }

  /** A copy with one place removed or replaced. */
  function changed(json: unknown, path: readonly string[], value: unknown): unknown {
    const [key, ...rest] = path;
    if (key === undefined) return value;
    const copy = (Array.isArray(json) ? [...(json as unknown[])] : { ...(json as object) }) as Record<string, unknown>;
    const inner = changed(copy[key], rest, value);
    if (inner === undefined) delete copy[key];
    else copy[key] = inner;
    return copy;
  }

  /** Reads all there is to read. */
  function readAll(graph: Graph): void {
    const attempt = (read: () => unknown): void => {
      try {
        read();
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
      }
    };
    for (const resource of graph.resources) {
      for (const key of Object.keys(resource.values)) attempt(() => JSON.stringify(resource.values[key]));
      for (const name of ['arn', 'fqdn', 'dns_name', 'zone_id']) attempt(() => graph.attribute(resource, name));
      attempt(() => resource.awsRegion);
      attempt(() => [resource.references, resource.dependsOn, graph.ofType(resource.type)]);
    }
    attempt(() => graph.before?.resources);
    attempt(() => graph.find('aws_lb', 'arn', 'x'));
  }

  it.each([
    ['a small plan', small, 1_500],
    ['a plan with modules', caseJson('07-check-on-own-name.plan'), 60],
    ['a state', caseJson('21-two-states.eu.state'), 60],
  ])('it is read, or refused as bad input: %s', (_, json, numRuns) => {
    const whole = JSON.parse(JSON.stringify(json)) as unknown;
    const place = fc.constantFrom(...placesIn(whole));
    const edit = fc.tuple(place, fc.option(anything, { nil: undefined }));
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        let graph: Graph;
        try {
          const edited = edits.reduce((base, [path, value]) => {
            const isThere = path.slice(0, -1).reduce<unknown>((part, key) => Object(part)[key] as unknown, base);
            return typeof isThere === 'object' && isThere !== null ? changed(base, path, value) : base;
          }, whole);
          graph = parseStack(JSON.parse(JSON.stringify(edited ?? null)), '/');
        } catch (error) {
          expect(error).toBeInstanceOf(InputError);
          return;
        }
        readAll(graph);
      }),
      { numRuns },
    );
  });
});

// Several files as one graph: what they share is there once, what only has the same address is not.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@dr/contracts';
import { blockOf } from './attributes';
import type { Graph } from './graph';
import { readStack, readStacks } from './read-stack';
import { caseJson } from './shown/testing/cases';
import { balancer, planJson, refs, stateJson, type Given } from './shown/testing/plan';
import { record } from './shown/testing/reading';

const directory = mkdtempSync(join(tmpdir(), 'merge-'));
afterAll(() => rmSync(directory, { recursive: true }));

const written = (name: string, json: unknown): string => {
  const file = join(directory, name);
  writeFileSync(file, typeof json === 'string' ? json : JSON.stringify(json));
  return file;
};
const merged = (...jsons: readonly unknown[]): Graph =>
  readStacks(jsons.map((json, at) => written(`${at}.json`, json)));
const addresses = (graph: Graph): string[] =>
  graph.resources.map(({ address }) => address.replace(`${directory}/`, ''));
const targetsOf = (graph: Graph): unknown[] =>
  graph.ofType('aws_route53_record').map(({ values }) => blockOf(values, 'alias')?.['name']);

const applied = (address: string, region: string, values: object = {}): Given => ({
  address,
  values: {
    name: 'front',
    arn: `arn:aws:elasticloadbalancing:${region}:123456789012:loadbalancer/app/front/1`,
    dns_name: `front-1.${region}.elb.amazonaws.com`,
    ...values,
  },
});
const recordIn = (set: string, values: object = {}): Given => ({
  address: 'aws_route53_record.r',
  values: { name: 'www.a.example', fqdn: 'www.a.example', type: 'A', zone_id: 'Z1', set_identifier: set, ...values },
});

it('equal addresses in two states are two resources, named by their files', () => {
  const graph = merged(
    stateJson([applied('aws_lb.a', 'eu-west-1'), applied('aws_lb.b', 'eu-west-1', { arn: 'arn:b' })]),
    stateJson([applied('aws_lb.a', 'us-east-2')]),
  );
  expect(addresses(graph)).toEqual(['aws_lb.a (0.json)', 'aws_lb.b', 'aws_lb.a (1.json)']);
  expect(graph.ofType('aws_lb').map(({ awsRegion }) => awsRegion)).toEqual(['eu-west-1', 'eu-west-1', 'us-east-2']);
});

it.each([['state'], ['plan']])('two roots with one record each, as %ss', (form) => {
  const graph = merged(caseJson(`21-two-states.eu.${form}`), caseJson(`21-two-states.us.${form}`));
  expect(graph.ofType('aws_lb').map(({ awsRegion }) => awsRegion)).toEqual(['eu-central-1', 'us-west-2']);
  const names = graph.ofType('aws_lb').map((one) => graph.attribute(one, 'dns_name'));
  expect(new Set(names).size).toBe(2);
  expect(targetsOf(graph)).toEqual(names);
});

it('two new balancers with one address and one region are not one name', () => {
  const root = (set_identifier: string): object => {
    const own = record(refs('aws_lb.a.dns_name'));
    return planJson({ resources: [balancer('aws_lb.a'), { ...own, values: { ...own.values, set_identifier } }] });
  };
  const graph = merged(root('one'), root('two'));
  const names = graph.ofType('aws_lb').map((one) => graph.attribute(one, 'dns_name'));
  expect(new Set(names).size).toBe(2);
  expect(targetsOf(graph)).toEqual(names);
});

it('a state wins over the plan that it was made by, and gives what the plan leaves open', () => {
  const lb = balancer('aws_lb.a', { values: { name: 'front' } });
  const graph = merged(
    planJson({ resources: [lb, record(refs('aws_lb.a.dns_name'))] }),
    stateJson([applied('aws_lb.a', 'eu-west-1')]),
  );
  expect(addresses(graph).sort()).toEqual(['aws_lb.a', 'aws_route53_record.r']);
  expect(targetsOf(graph)).toEqual(['front-1.eu-west-1.elb.amazonaws.com']);
});

it('a state wins over a configuration, too', () => {
  const configuration = {
    provider: { aws: { region: 'eu-west-1' } },
    resource: {
      aws_lb: { a: { name: 'front' } },
      aws_route53_record: { r: { name: 'www.a.example', alias: { name: '${aws_lb.a.dns_name}' } } },
    },
  };
  const graph = merged(configuration, stateJson([applied('aws_lb.a', 'eu-west-1')]));
  expect(addresses(graph).sort()).toEqual(['aws_lb.a', 'aws_route53_record.r']);
  expect(targetsOf(graph)).toEqual(['front-1.eu-west-1.elb.amazonaws.com']);
});

it('a state of another region is not the state of a plan', () => {
  const graph = merged(
    planJson({ resources: [balancer('aws_lb.a', { values: { name: 'front' } })] }),
    stateJson([applied('aws_lb.a', 'us-east-2')]),
  );
  expect(addresses(graph)).toEqual(['aws_lb.a (0.json)', 'aws_lb.a (1.json)']);
});

it('records of one name in two files make one set', () => {
  const graph = merged(stateJson([recordIn('eu')]), stateJson([recordIn('us')]));
  expect(graph.ofType('aws_route53_record').map(({ values }) => values['set_identifier'])).toEqual(['eu', 'us']);
});

it('the same state given twice is there once', () => {
  const json = stateJson([recordIn('eu'), applied('aws_lb.a', 'eu-west-1')]);
  expect(addresses(merged(json, json))).toEqual(['aws_route53_record.r', 'aws_lb.a']);
});

it.each([
  [
    'a record',
    stateJson([recordIn('eu')]),
    stateJson([recordIn('eu', { ttl: 300 })]),
    /the record A www\.a\.example of zone Z1 \(eu\)/,
  ],
  [
    'a balancer',
    stateJson([applied('aws_lb.a', 'eu-west-1')]),
    stateJson([applied('aws_lb.other', 'eu-west-1', { internal: true })]),
    /arn:aws:elasticloadbalancing/,
  ],
])('fails on two states that contradict each other: %s', (_, one, two, identity) => {
  expect(() => merged(one, two)).toThrow(InputError);
  expect(() => merged(one, two)).toThrow(identity);
  expect(() => merged(one, two)).toThrow(/both files have .*say different things of it\. Give each stack once/);
});

it('what was applied before is a graph of all files', () => {
  const address = 'aws_lb.a';
  const plan = planJson({
    resources: [applied(address, 'eu-west-1')],
    prior: [applied(address, 'eu-west-1', { internal: true })],
  });
  const graph = merged(plan, stateJson([applied('aws_lb.z', 'us-east-2')]));
  expect(graph.before && addresses(graph.before)).toEqual([address, 'aws_lb.z']);
  expect(graph.before?.get(address)?.values['internal']).toBe(true);
});

describe('a plan beside the state of its stack', () => {
  const address = 'aws_route53_record.r';
  const [old, now] = [recordIn('eu', { id: 'r', ttl: 10 }), recordIn('eu', { id: 'r', ttl: 300 })];
  const stays = applied('aws_lb.a', 'eu-west-1');
  const plan = (more: Partial<Given> = {}): object =>
    planJson({
      resources: [
        { ...now, actions: ['update'], ...more },
        { ...stays, actions: ['no-op'] },
      ],
      prior: [old, stays],
    });
  const ttl = (graph: Graph | undefined): unknown => graph?.get(address)?.values['ttl'];

  it('says what will be, where the state is from before it; in both orders', () => {
    const state = stateJson([old, stays]);
    for (const graph of [merged(plan(), state), merged(state, plan())]) {
      expect([ttl(graph), ttl(graph.before)]).toEqual([300, 10]);
      expect(graph.planned).toMatchObject([{ address, actions: ['update'] }]);
      expect(addresses(graph).sort()).toEqual(['aws_lb.a', address]);
    }
  });

  it('is done, where the state is from after it', () => {
    const graph = merged(plan(), stateJson([now, stays]));
    expect([ttl(graph), graph.planned]).toEqual([300, []]);
  });

  it('what it removes is not there any more', () => {
    const removes = planJson({
      resources: [{ ...stays, actions: ['no-op'] }],
      prior: [old, stays],
      more: {
        resource_changes: [
          {
            ...{ address, mode: 'managed', type: 'aws_route53_record', name: 'r' },
            change: { actions: ['delete'], before: old.values, after: null },
          },
        ],
      },
    });
    const graph = merged(removes, stateJson([old, stays]));
    expect(addresses(graph)).toEqual(['aws_lb.a']);
    expect(graph.before && addresses(graph.before).sort()).toEqual(['aws_lb.a', address]);
  });

  it('fails where the state is from neither before nor after it', () => {
    const other = recordIn('eu', { id: 'r', ttl: 60 });
    expect(() => merged(plan(), stateJson([other, stays]))).toThrow(
      /aws_route53_record\.r: has another ttl in the state than before the plan and after it\. Make the plan anew/,
    );
  });
});

it('fails on two states of one stack of which one is older', () => {
  const [stays, old, now] = [applied('aws_lb.a', 'eu-west-1'), 'arn:old', 'arn:new'];
  const at = (arn: string): object => stateJson([stays, applied('aws_lb.b', 'eu-west-1', { arn })]);
  expect(() => merged(at(old), at(now))).toThrow(
    /aws_lb\.b: is arn:old in one and arn:new in the other, and both are of one state\. Give the newest/,
  );
});

it('fails on one record in a state and in the plan of another stack, which lead it elsewhere', () => {
  const other = planJson({
    resources: [{ ...recordIn('eu', { records: ['b.example'] }), address: 'aws_route53_record.other' }],
  });
  const state = stateJson([recordIn('eu', { records: ['a.example'] })]);
  expect(() => merged(state, other)).toThrow(
    /the record A www\.a\.example of zone Z1 \(eu\), and say different things/,
  );
  const same = planJson({
    resources: [{ ...recordIn('eu', { records: ['A.example.'] }), address: 'aws_route53_record.other' }],
  });
  expect(addresses(merged(state, same))).toEqual(['aws_route53_record.r']);
});

describe('a file that is nothing of the kind is refused, with what to give', () => {
  const raw = { version: 4, serial: 1, lineage: 'x', resources: [] };
  it.each([
    ["Terraform's own state file", raw, /own state file.*terraform show -json/],
    ['a saved plan', 'PK\u0003\u0004', /a saved plan.*terraform show -json/],
    ['the log of a plan', '{"@level":"info"}\n{"@level":"info"}', /the log of `terraform plan -json`/],
    ['schemas of providers', { format_version: '1.0', provider_schemas: {} }, /schemas of providers/],
    ['any other JSON', { hello: 'world' }, /no "resource" block/],
    ['a list', [], /no "resource" block/],
    ['text', 'resource "aws_lb" "a" {}', /is not JSON/],
    [
      'a plan with a part that is none',
      { format_version: '1.2', planned_values: [] },
      /"[^"]*x\.json": planned_values: is no object/,
    ],
    ['a name of JavaScript itself', '{"resource":{"aws_lb":{"a":{"name":{"toString":1}}}}}', /called "toString"/],
    ['what is too deep', `${'['.repeat(500)}${']'.repeat(500)}`, /nested deeper than 200/],
  ])('%s', (_, json, message) => {
    const file = written('x.json', json);
    expect(() => readStack(file)).toThrow(InputError);
    expect(() => readStack(file)).toThrow(message);
  });

  it('quotes nothing of it: it may hold secrets', () => {
    const file = written('x.json', '{"password": "hunter2" "x"}');
    expect(() => readStack(file)).toThrow(/^(?!.*hunter2).*is not JSON \((line|position) \d+/);
  });

  it('reads what begins with a byte order mark', () => {
    expect(readStack(written('x.json', `\uFEFF${JSON.stringify(stateJson([recordIn('eu')]))}`)).resources).toHaveLength(
      1,
    );
  });
});

// What a reader of `terraform show -json` must know, each fact as a small plan or state; of regions see regions.test.ts.
import { InputError } from '@dr/contracts';
import { blockOf, flagOf, numberOf, textOf } from '../attributes';
import type { Graph } from '../graph';
import { parseStack } from '../read-stack';
import { balancer, plan, planJson, planOf, refs, state } from './testing/plan';
import { aliasOf, arnIn, at, dnsOf, reasons, record } from './testing/reading';

describe('1. formats and parts', () => {
  it.each([['0.2'], ['1.0'], ['1.2'], ['1.99']])('reads a plan of format %s', (format_version) => {
    expect(planOf({ resources: [balancer('aws_lb.a')], more: { format_version } }).resources).toHaveLength(1);
  });

  it('fails on a major version that is not known', () => {
    expect(() => planOf({ more: { format_version: '2.0' } })).toThrow(InputError);
    expect(() => planOf({ more: { format_version: '2.0' } })).toThrow(/format_version "2\.0".*1\.x is the last/);
  });

  it.each([['planned_values'], ['resource_changes'], ['configuration']])('reads a plan without %s', (part) => {
    const json = { ...planJson({ resources: [balancer('aws_lb.a')] }), [part]: undefined };
    expect(parseStack(JSON.parse(JSON.stringify(json)), '/').ofType('aws_lb')).toHaveLength(1);
  });

  it('reads a state in which there is nothing', () => {
    expect(parseStack({ format_version: '1.0' }, '/').notes).toEqual(['the state holds no resources']);
  });
});

describe('2. what locals hide is unknown', () => {
  it.each([
    ['a local', refs('local.dns'), /local\.dns/],
    ['a local beside a resource', refs('local.prefix', 'aws_lb.a.dns_name'), /local\.prefix/],
    ['each.value of a local', refs('each.value.lb.dns_name'), /each\.value \(local\.all\)/],
  ])('%s', (_, written, reason) => {
    const block = { for_each_expression: refs('local.all') };
    const address = 'aws_route53_record.r["eu"]';
    const graph = plan(balancer('aws_lb.a'), record(written, { address, block }));
    expect(reasons(graph)).toEqual([expect.stringMatching(reason)]);
    expect(() => aliasOf(graph, address)).toThrow(
      /alias\[0\]\.name: is unknown before an apply: the plan does not say/,
    );
  });

  it('an object that a module gives has no keys: the attribute decides', () => {
    const output = { expression: refs('aws_lb.this.dns_name', 'aws_lb.this.zone_id') };
    const graph = planOf({
      resources: [balancer('module.a.aws_lb.this'), record(refs('module.a.lb.dns_name'))],
      calls: { 'module.a': { module: { outputs: { lb: output } } } },
    });
    expect(aliasOf(graph)).toBe(dnsOf(graph, 'module.a.aws_lb.this'));
  });
});

describe('3. unknown, null and absent', () => {
  it('follows what is unknown within a block', () => {
    const graph = plan(balancer('aws_lb.a'), record(refs('aws_lb.a.dns_name')));
    expect(aliasOf(graph)).toBe(dnsOf(graph, 'aws_lb.a'));
    expect(graph.unknown).toEqual([]);
  });

  it('null is none, whatever the configuration refers to', () => {
    const written = { health_check_id: refs('var.on', 'aws_route53_health_check.h.id') };
    const graph = plan(
      { address: 'aws_route53_health_check.h', unknown: { id: true } },
      { address: 'aws_route53_record.r', values: { health_check_id: null }, written },
    );
    expect(Object.keys(at(graph, 'aws_route53_record.r').values)).toEqual([]);
  });

  it.each([
    ['one of two', ['var.on', 'aws_route53_health_check.a.id', 'aws_route53_health_check.b.id'], undefined],
    ['one, where the other branch is known', ['var.on', 'aws_route53_health_check.a.id'], 'aws_route53_health_check.a'],
  ])('a condition gives %s', (_, references, expected) => {
    const graph = plan(
      { address: 'aws_route53_health_check.a', unknown: { id: true } },
      { address: 'aws_route53_health_check.b', unknown: { id: true } },
      {
        address: 'aws_route53_record.r',
        unknown: { health_check_id: true },
        written: { health_check_id: refs(...references) },
      },
    );
    const read = (): unknown => at(graph, 'aws_route53_record.r').values['health_check_id'];
    if (expected === undefined) expect(read).toThrow(/one of aws_route53_health_check\.a\.id or .*b\.id/);
    else expect(read()).toBe(graph.attribute(at(graph, expected), 'id'));
  });
});

it('4. a plan and a state say the same, null or empty', () => {
  const values = {
    ttl: null,
    health_check_id: null,
    multivalue_answer_routing_policy: null,
    failover_routing_policy: [],
  };
  const applied = { ttl: 0, health_check_id: '', multivalue_answer_routing_policy: false, failover_routing_policy: [] };
  const address = 'aws_route53_record.r';
  for (const graph of [plan({ address, values }), state({ address, values: applied })]) {
    const read = at(graph, address).values;
    expect([textOf(read, 'health_check_id'), blockOf(read, 'failover_routing_policy')]).toEqual([undefined, undefined]);
    expect(flagOf(read, 'multivalue_answer_routing_policy') ?? false).toBe(false);
    expect(Object.keys(read)).not.toContain('failover_routing_policy');
  }
});

it("5. what the configuration leaves to AWS is absent, and readers take AWS's default", () => {
  const graph = plan({
    address: 'aws_route53_health_check.h',
    values: { type: 'HTTPS', request_interval: null },
    unknown: { failure_threshold: true, enable_sni: true, id: true },
    written: { type: { constant_value: 'HTTPS' } },
  });
  const { values } = at(graph, 'aws_route53_health_check.h');
  const read = ['request_interval', 'failure_threshold'].map((key) => numberOf(values, key));
  expect([...read, flagOf(values, 'enable_sni'), graph.unknown]).toEqual([undefined, undefined, undefined, []]);
});

it('6. a relative name has its zone behind it, in a plan and in a state', () => {
  const zone = { address: 'aws_route53_zone.z', values: { name: 'a.example' }, unknown: { zone_id: true, id: true } };
  const address = 'aws_route53_record.r';
  const written = { name: { constant_value: 'www' }, zone_id: refs('aws_route53_zone.z.zone_id') };
  const planned = plan(zone, { address, values: { name: 'www' }, unknown: { zone_id: true, fqdn: true }, written });
  const applied = state({ address, values: { name: 'www', fqdn: 'www.a.example', zone_id: 'Z1' } });
  for (const graph of [planned, applied]) expect(graph.attribute(at(graph, address), 'fqdn')).toBe('www.a.example');
});

describe('9. keys stand in values, not in the configuration', () => {
  it.each([
    ['count', '[0]', '[1]', refs('aws_lb.a', 'count.index')],
    ['for_each', '["x.y/*"]', '["z-1"]', refs('aws_lb.a', 'each.key')],
  ])('%s: the instance with the same key', (_, one, two, name) => {
    const keys = [one, two];
    const graph = plan(
      ...keys.map((key) => balancer(`aws_lb.a${key}`)),
      ...keys.map((key) => record(name, { address: `aws_route53_record.r${key}` })),
    );
    expect(keys.map((key) => aliasOf(graph, `aws_route53_record.r${key}`))).toEqual(
      keys.map((key) => dnsOf(graph, `aws_lb.a${key}`)),
    );
  });

  it('in modules too: variables, outputs and the key of the call', () => {
    const calls = {
      'module.app': { module: { outputs: { dns: { expression: refs('aws_lb.this.dns_name') } } } },
      'module.name': { call: { expressions: { dns: refs('module.app', 'each.key') } } },
    };
    const keys = ['["eu"]', '["us"]'];
    const graph = planOf({
      resources: keys.flatMap((key) => [
        balancer(`module.app${key}.aws_lb.this`),
        record(refs('var.dns'), { address: `module.name${key}.aws_route53_record.r` }),
      ]),
      calls,
    });
    expect(keys.map((key) => aliasOf(graph, `module.name${key}.aws_route53_record.r`))).toEqual(
      keys.map((key) => dnsOf(graph, `module.app${key}.aws_lb.this`)),
    );
  });

  it('each.value of a resource is its instance', () => {
    const block = { for_each_expression: refs('aws_subnet.s') };
    const graph = plan(
      { address: 'aws_subnet.s["a"]', unknown: { id: true } },
      {
        address: 'aws_route_table_association.t["a"]',
        unknown: { subnet_id: true },
        written: { subnet_id: refs('each.value.id') },
        block,
      },
    );
    const id = graph.attribute(at(graph, 'aws_subnet.s["a"]'), 'id');
    expect(textOf(at(graph, 'aws_route_table_association.t["a"]').values, 'subnet_id')).toBe(id);
  });
});

it('10. data that was read during the plan stands only in the prior state', () => {
  const zone = { address: 'data.aws_route53_zone.z', values: { name: 'a.example', zone_id: 'Z1' } };
  const graph = planOf({ resources: [balancer('aws_lb.a')], prior: [zone, { address: 'aws_lb.gone' }] });
  expect(graph.resources.map(({ address }) => address)).toEqual(['aws_lb.a', 'data.aws_route53_zone.z']);
  expect(graph.before?.resources.map(({ address }) => address)).toEqual(['data.aws_route53_zone.z', 'aws_lb.gone']);
});

it('an object that is still to be deleted is not the resource that takes its place', () => {
  const lb = balancer('aws_lb.a');
  const json = JSON.parse(JSON.stringify(planJson({ resources: [lb, record(refs('aws_lb.a.dns_name'))] }))) as {
    resource_changes: object[];
  };
  const change = { actions: ['delete'], before: {}, after: null, after_unknown: {} };
  json.resource_changes.push({ address: lb.address, deposed: 'deadbeef', change });
  const graph = parseStack(json, '/');
  expect(aliasOf(graph)).toBe(dnsOf(graph, 'aws_lb.a'));
});

it('11. drift is no change', () => {
  const drift = [{ address: 'aws_lb.b', change: { actions: ['update'], before: null, after: {} } }];
  expect(planOf({ resources: [balancer('aws_lb.a')], more: { resource_drift: drift } }).resources).toHaveLength(1);
});

it('12. what there was and what there will be are graphs of their own', () => {
  const address = 'aws_dynamodb_table.t';
  const graph = planOf({
    resources: [{ address, values: { replica: [] }, actions: ['update'] }],
    prior: [{ address, values: { replica: [{ region_name: 'eu-west-1' }] } }],
  });
  const before = graph.before as Graph;
  expect(blockOf(at(before, address).values, 'replica')).toEqual({ region_name: 'eu-west-1' });
  expect(blockOf(at(graph, address).values, 'replica')).toBeUndefined();
  expect(state({ address }).before).toBeUndefined();
});

it('13. zero is a value: a dial, a weight', () => {
  const values = {
    traffic_dial_percentage: 0,
    endpoint_configuration: [{ endpoint_id: arnIn('eu-west-1'), weight: 0 }],
  };
  const read = at(
    state({ address: 'aws_globalaccelerator_endpoint_group.g', values }),
    'aws_globalaccelerator_endpoint_group.g',
  );
  expect(numberOf(read.values, 'traffic_dial_percentage')).toBe(0);
  expect(numberOf(blockOf(read.values, 'endpoint_configuration') ?? {}, 'weight')).toBe(0);
});

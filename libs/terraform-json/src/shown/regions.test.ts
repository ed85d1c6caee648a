// Regions of what is shown: of a provider, of an ARN, of a name, of what belongs together; unknown where nothing says it.
import { InputError } from '@dr/contracts';
import { isGlobal } from '../resource-types';
import { ACCOUNT, balancer, plan, planOf, refs, state } from './testing/plan';
import { arnIn, at, dnsOf, reasons } from './testing/reading';

it("7. a module's resource names the root's provider; one that nobody declares is not asked", () => {
  const providers = {
    aws: { name: 'aws' },
    'aws.ohio': { alias: 'ohio', expressions: { region: { constant_value: 'us-east-2' } } },
  };
  const graph = planOf({ resources: [balancer('module.a.module.b.aws_lb.this', { provider: 'aws.ohio' })], providers });
  expect(graph.resources[0]?.awsRegion).toBe('us-east-2');
  expect(graph.unknown).toEqual([]);
});

describe('8. regions', () => {
  const variables = { region: { value: 'ap-south-1' }, all: { value: { a: { id: 'eu-north-1' } } } };
  it.each([
    ['a constant', { constant_value: 'eu-west-3' }, 'eu-west-3'],
    ['a variable', refs('var.region'), 'ap-south-1'],
    ['part of a variable', refs('var.all["a"].id'), 'eu-north-1'],
  ])('of a provider: %s', (_, region, expected) => {
    const providers = { aws: { name: 'aws', expressions: { region } } };
    const graph = planOf({ resources: [balancer('aws_lb.a')], providers, more: { variables } });
    expect(at(graph, 'aws_lb.a').awsRegion).toBe(expected);
  });

  it.each([
    ['a provider without a region', {}],
    ['one that a local decides', { expressions: { region: refs('local.region') } }],
  ])('unknown is said, not refused: %s', (_, provider) => {
    const graph = planOf({ resources: [balancer('aws_lb.a')], providers: { aws: provider } });
    expect(reasons(graph)).toEqual(['aws_lb.a region: provider "aws" gives no region that the plan shows']);
    expect(() => at(graph, 'aws_lb.a').awsRegion).toThrow(InputError);
    expect(dnsOf(graph, 'aws_lb.a')).toBe('aws_lb.a.dns_name');
  });

  it('of what the same provider looked up, where it names none', () => {
    const prior = [{ address: 'data.aws_region.here', values: { name: 'us-west-2', id: 'us-west-2' } }];
    const graph = planOf({ resources: [balancer('aws_lb.a')], prior, providers: { aws: {} } });
    expect(at(graph, 'aws_lb.a').awsRegion).toBe('us-west-2');
  });

  it.each([
    [
      'another region that it describes',
      'data.aws_region.other',
      { name: 'us-west-2' },
      { name: { constant_value: 'us-west-2' } },
    ],
    ['a bucket elsewhere', 'data.aws_s3_bucket.b', { region: 'us-west-2' }, {}],
    [
      'a resource with a region of its own',
      'aws_sns_topic.t',
      { region: 'us-west-2' },
      { region: { constant_value: 'us-west-2' } },
    ],
  ])('not of %s', (_, address, values, written) => {
    const other = { address, values, written };
    const graph = planOf({ resources: [balancer('aws_lb.a'), other], providers: { aws: {} } });
    expect(at(graph, address).awsRegion).toBe('us-west-2');
    expect(() => at(graph, 'aws_lb.a').awsRegion).toThrow(InputError);
  });

  it('of its ARN, whatever its provider says now', () => {
    const values = { arn: arnIn('eu-west-3') };
    expect(at(plan({ address: 'aws_sns_topic.t', values }), 'aws_sns_topic.t').awsRegion).toBe('eu-west-3');
    expect(at(plan({ address: 'aws_sns_topic.t' }), 'aws_sns_topic.t').awsRegion).toBe('eu-west-1');
  });

  it.each([
    ['its region', 'aws_sns_topic', { region: 'eu-west-2', arn: arnIn('eu-west-3') }, 'eu-west-2'],
    ['its ARN', 'aws_sns_topic', { arn: arnIn('eu-west-3') }, 'eu-west-3'],
    ['its id', 'aws_ecs_service', { id: `arn:aws:ecs:sa-east-1:${ACCOUNT}:service/a` }, 'sa-east-1'],
    ['its zone', 'aws_instance', { availability_zone: 'ca-central-1b' }, 'ca-central-1'],
    ['the name of an ALB', 'aws_lb', { dns_name: 'a-1.eu-west-1.elb.amazonaws.com' }, 'eu-west-1'],
    ['the name of an NLB', 'aws_lb', { dns_name: 'a-1.elb.us-gov-west-1.amazonaws.com' }, 'us-gov-west-1'],
    ['what it is attached to', 'aws_lb_target_group_attachment', { target_group_arn: arnIn('eu-west-1') }, 'eu-west-1'],
    ['whose id it names', 'aws_route', { route_table_id: 'rtb-1' }, 'ap-east-1'],
  ])('in a state: %s', (_, type, values, expected) => {
    const table = { id: 'rtb-1', arn: `arn:aws:ec2:ap-east-1:${ACCOUNT}:route-table/rtb-1` };
    const graph = state({ address: 'aws_route_table.t', values: table }, { address: `${type}.x`, values });
    expect(at(graph, `${type}.x`).awsRegion).toBe(expected);
  });

  it('of two that disagree: unknown', () => {
    const values = { a_arn: arnIn('eu-west-1'), b_arn: arnIn('eu-west-3') };
    expect(reasons(state({ address: 'aws_x.x', values }))).toEqual([expect.stringContaining('aws_x.x region')]);
  });

  it('Route 53, IAM, CloudFront and Global Accelerator have none', () => {
    const types = [
      'aws_route53_record',
      'aws_iam_role',
      'aws_cloudfront_distribution',
      'aws_globalaccelerator_listener',
    ];
    expect(types.map(isGlobal)).toEqual([true, true, true, true]);
    expect(['aws_lb', 'aws_route53_resolver_rule'].map(isGlobal)).toEqual([false, false]);
    expect(state(...types.map((type) => ({ address: `${type}.x` }))).unknown).toEqual([]);
  });
});

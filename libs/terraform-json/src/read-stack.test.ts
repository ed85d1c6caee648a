// The graph: references resolve across resources, blocks are lists, what is not Terraform is refused.
import { InputError } from '@dr/contracts';
import { parseStack, readStack } from './read-stack';

const stack = (resource: object, more: object = {}) =>
  parseStack(
    { provider: { aws: [{ region: 'us-east-1' }, { alias: 'mumbai', region: 'ap-south-1' }] }, resource, ...more },
    '/stack',
  );

describe('readStack', () => {
  it('gives each resource the region of its provider', () => {
    const graph = stack({ aws_sns_topic: { a: { name: 'a', provider: 'aws.mumbai' }, b: { name: 'b' } } });
    expect(graph.ofType('aws_sns_topic').map((r) => r.awsRegion)).toEqual(['ap-south-1', 'us-east-1']);
    expect(graph.find('aws_sns_topic', 'arn', 'arn:aws:sns:ap-south-1:123456789012:a')?.address).toBe(
      'aws_sns_topic.a',
    );
  });

  it('resolves references through other resources, inside text and inside JSON policies', () => {
    const graph = stack({
      aws_dynamodb_table: { t: { name: 'dr', provider: 'aws.mumbai' } },
      aws_iam_role_policy: {
        p: { policy: '{"Resource":["${aws_dynamodb_table.t.arn}","${aws_dynamodb_table.t.arn}/index/*"]}' },
      },
      aws_route53_record: { r: { records: ['${aws_lb.l.dns_name}'], alias: { name: '${aws_lb.l.dns_name}' } } },
      aws_lb: { l: { name: 'alb' } },
    });
    const policy = graph.get('aws_iam_role_policy.p');
    expect(JSON.parse(String(policy?.values['policy']))).toEqual({
      Resource: [
        'arn:aws:dynamodb:ap-south-1:123456789012:table/dr',
        'arn:aws:dynamodb:ap-south-1:123456789012:table/dr/index/*',
      ],
    });
    expect(policy?.references['policy']).toEqual(['aws_dynamodb_table.t']);
    const record = graph.get('aws_route53_record.r');
    expect(record?.values['alias']).toEqual([{ name: (record?.values['records'] as string[])[0] }]);
  });

  it('reads functions, data sources and list indexes', () => {
    const graph = stack(
      {
        aws_acm_certificate: { c: { domain_name: 'a.example.com' } },
        aws_route53_record: {
          v: { name: '${tolist(aws_acm_certificate.c.domain_validation_options)[0].resource_record_name}' },
        },
        aws_subnet: { s: { availability_zone: '${data.aws_availability_zones.z.names[1]}', tags: { Name: 'x' } } },
      },
      { data: { aws_availability_zones: { z: { provider: 'aws.mumbai' } } } },
    );
    expect(graph.get('aws_route53_record.v')?.values['name']).toBe('_validation.a.example.com.');
    expect(graph.get('aws_subnet.s')?.values).toEqual({ availability_zone: 'ap-south-1b', tags: { Name: 'x' } });
  });

  it('takes aws_alb for aws_lb, under its own address', () => {
    const graph = stack({
      aws_alb: { l: { name: 'front' } },
      aws_alb_listener: { h: { load_balancer_arn: '${aws_alb.l.arn}' } },
    });
    const [balancer] = graph.ofType('aws_lb');
    expect([balancer?.address, graph.ofType('aws_alb')]).toEqual(['aws_alb.l', []]);
    expect(graph.ofType('aws_lb_listener')[0]?.values['load_balancer_arn']).toMatch(/:loadbalancer\/app\/front\//);
  });

  it('fails on a reference to a resource that is not there, naming both', () => {
    expect(() =>
      stack({ aws_route53_record: { r: { health_check_id: '${aws_route53_health_check.gone.id}' } } }),
    ).toThrow(/aws_route53_record\.r refers to aws_route53_health_check\.gone.*no aws_route53_health_check\.gone/);
  });

  it.each([
    ['no such file', () => readStack('/nowhere/cdk.tf.json'), /no such file/],
    ['a file that is not JSON', () => readStack(__filename), /is not JSON/],
    ['JSON that is not Terraform', () => parseStack({ hello: 'world' }, '/'), /no "resource" block/],
    ['an undeclared provider', () => stack({ aws_lb: { l: { provider: 'aws.tokyo' } } }), /aws\.tokyo/],
    [
      'a cycle',
      () => stack({ aws_lb: { a: { name: '${aws_lb.b.name}' }, b: { name: '${aws_lb.a.name}' } } }),
      /refers to itself/,
    ],
  ])('fails on %s', (_name, read, message) => {
    expect(read).toThrow(InputError);
    expect(read).toThrow(message);
  });
});

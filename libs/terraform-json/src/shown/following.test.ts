// References are followed to what will give a value, and no further than the plan says.
import { textsOf } from '../attributes';
import type { Graph } from '../graph';
import { balancer, plan, refs } from './testing/plan';
import { at, reasons } from './testing/reading';

describe('texts, lists and blocks', () => {
  it('a reference in a text says nothing of the text', () => {
    const written = { policy: refs('aws_sns_topic.t.arn'), fqdn: refs('aws_sqs_queue.a.id') };
    const graph = plan(
      { address: 'aws_sns_topic.t', unknown: { arn: true } },
      { address: 'aws_sqs_queue.a', unknown: { id: true } },
      { address: 'aws_x.x', unknown: { policy: true, fqdn: true }, written },
    );
    expect(reasons(graph)).toEqual([
      'aws_x.x policy: it is made of aws_sns_topic.t.arn, and the plan does not say how',
      'aws_x.x fqdn: it is made of aws_sqs_queue.a.id, and the plan does not say how',
    ]);
  });

  // Terraform leaves out what follows an index, and every text around a reference.
  it.each([
    ['aws_eip.a', 'ip_address', 'aws_eip.a.public_ip'],
    ['aws_instance.a', 'fqdn', 'aws_instance.a.public_ip'],
    ['aws_api_gateway_rest_api.a.id', 'fqdn', 'aws_api_gateway_rest_api.a.id'],
    ['aws_apigatewayv2_api.a.id', 'fqdn', 'aws_apigatewayv2_api.a.api_endpoint'],
    ['aws_lambda_function_url.a.function_url', 'fqdn', 'aws_lambda_function_url.a.function_url'],
    [
      'aws_apigatewayv2_domain_name.a',
      'fqdn',
      'aws_apigatewayv2_domain_name.a.domain_name_configuration[0].target_domain_name',
    ],
  ])('of %s, the name of an endpoint is meant in %s', (reference, argument, expected) => {
    const [type = ''] = reference.split('.');
    const unknown = { id: true, public_ip: true, api_endpoint: true, function_url: true };
    const graph = plan(
      { address: `${type}.a`, unknown: { ...unknown, domain_name_configuration: [{ target_domain_name: true }] } },
      { address: 'aws_x.x', unknown: { [argument]: true }, written: { [argument]: refs(reference) } },
    );
    expect(at(graph, 'aws_x.x').values[argument]).toBe(expected);
  });

  it.each([
    ['the ARN of a target group, which is whole', 'aws_lb_target_group.t.arn', true],
    ['the execution ARN of an API, which is a part', 'aws_api_gateway_rest_api.t.execution_arn', false],
  ])('a permission names %s', (_, reference, isFollowed) => {
    const [type = '', , name = ''] = reference.split('.');
    const graph = plan(
      { address: `${type}.t`, unknown: { [name]: true } },
      { address: 'aws_lambda_permission.p', unknown: { source_arn: true }, written: { source_arn: refs(reference) } },
    );
    const read = (): unknown => at(graph, 'aws_lambda_permission.p').values['source_arn'];
    if (isFollowed) expect(read()).toBe(graph.attribute(at(graph, `${type}.t`), name));
    else expect(read).toThrow(/is made of aws_api_gateway_rest_api\.t\.execution_arn/);
  });

  const checks = ['a', 'b'].map((name) => ({ address: `aws_route53_health_check.${name}`, unknown: { id: true } }));
  const all = ['aws_route53_health_check.a.id', 'aws_route53_health_check.b.id'];
  it.each([
    ['all that it refers to', refs(...all), 2],
    ['unknown, where a known value may be one of it', refs('var.more', ...all), undefined],
  ])('a list is %s', (_, child_healthchecks, length) => {
    const graph = plan(...checks, {
      address: 'aws_route53_health_check.c',
      unknown: { child_healthchecks: true },
      written: { child_healthchecks },
    });
    const { values } = at(graph, 'aws_route53_health_check.c');
    if (length === undefined) expect(() => textsOf(values, 'child_healthchecks')).toThrow(/does not say all/);
    else
      expect(textsOf(values, 'child_healthchecks')).toEqual(
        checks.map(({ address }) => graph.attribute(at(graph, address), 'id')),
      );
  });

  const group = (weights: readonly number[], written: readonly object[]): Graph =>
    plan(balancer('aws_lb.a'), balancer('aws_lb.b'), {
      address: 'aws_globalaccelerator_endpoint_group.g',
      values: { endpoint_configuration: weights.map((weight) => ({ weight })) },
      unknown: { endpoint_configuration: weights.map(() => ({ endpoint_id: true })) },
      written: { endpoint_configuration: written },
    });
  const block = (name: string, weight: object): object => ({ endpoint_id: refs(`aws_lb.${name}.arn`), weight });
  it.each([
    ['by its constants', [2, 1], [block('a', { constant_value: 1 }), block('b', { constant_value: 2 })], ['b', 'a']],
    [
      'by its place, where it is like the others',
      [1, 1],
      [block('a', { constant_value: 1 }), block('b', { constant_value: 1 })],
      ['a', 'b'],
    ],
    ['not at all, where nothing tells', [1, 2], [block('a', refs('var.a')), block('b', refs('var.b'))], undefined],
    ['not at all, where a dynamic block writes more', [1, 2], [block('a', { constant_value: 1 })], undefined],
  ])('a block is found in the configuration %s', (_, weights, written, expected) => {
    const graph = group(weights, written);
    const ids = (): unknown[] =>
      (at(graph, 'aws_globalaccelerator_endpoint_group.g').values['endpoint_configuration'] as object[]).map(
        (one) => (one as { endpoint_id: unknown }).endpoint_id,
      );
    if (expected === undefined) expect(ids).toThrow(/a dynamic block writes it|does not say/);
    else expect(ids()).toEqual(expected.map((name) => graph.attribute(at(graph, `aws_lb.${name}`), 'arn')));
  });

  it('references and dependencies are addresses of instances', () => {
    const graph = plan(balancer('aws_lb.a[0]'), balancer('aws_lb.a[1]'), {
      address: 'aws_x.x',
      written: { policy: refs('aws_lb.a[0].arn') },
      block: { depends_on: ['aws_lb.a'] },
    });
    expect(at(graph, 'aws_x.x').references).toEqual({ policy: ['aws_lb.a[0]'] });
    expect(at(graph, 'aws_x.x').dependsOn).toEqual(['aws_lb.a[0]', 'aws_lb.a[1]']);
  });
});

// What public stacks have that small examples do not, each as a small plan or state.
import { InputError } from '@dr/contracts';
import { blockOf, textOf } from '../attributes';
import { parseStack } from '../read-stack';
import { balancer, plan, planJson, planOf, refs } from './testing/plan';
import { aliasOf, arnIn, at, dnsOf, record } from './testing/reading';

describe('14. seen in public stacks', () => {
  it('a provider that is declared in a module, its region passed in', () => {
    const providers = {
      'module.x:aws.near': { alias: 'near', module_address: 'module.x', expressions: { region: refs('var.region') } },
    };
    const graph = planOf({
      resources: [balancer('module.x.aws_lb.a', { provider: 'module.x:aws.near' })],
      calls: { 'module.x': { call: { expressions: { region: refs('var.home') } } } },
      providers,
      more: { variables: { home: { value: 'eu-south-1' } } },
    });
    expect(graph.resources[0]?.awsRegion).toBe('eu-south-1');
  });

  it('data that waits for the apply, with no values', () => {
    const data = { address: 'data.aws_lb.d', unknown: { arn: true, dns_name: true }, actions: ['read'] };
    const graph = plan(data, record(refs('data.aws_lb.d.dns_name')));
    expect(at(graph, 'data.aws_lb.d').mode).toBe('data');
    expect(aliasOf(graph)).toBe(dnsOf(graph, 'data.aws_lb.d'));
  });

  it('a record that validates a certificate has no name yet, and hides no other', () => {
    const open = { name: true, type: true, records: true };
    const written = Object.fromEntries(Object.keys(open).map((key) => [key, refs('each.value.name', 'each.value')]));
    const block = { for_each_expression: refs('aws_acm_certificate.c.domain_validation_options') };
    const graph = plan(
      { address: 'aws_acm_certificate.c', unknown: { domain_validation_options: true } },
      { address: 'aws_route53_record.v["a.example"]', unknown: open, written, block },
      { address: 'aws_route53_record.r', values: { name: 'a.example', type: 'A' } },
    );
    expect(() => at(graph, 'aws_route53_record.v["a.example"]').values['name']).toThrow(InputError);
    expect(textOf(at(graph, 'aws_route53_record.r').values, 'name')).toBe('a.example');
  });

  it('a target may be a literal, or what exists already', () => {
    const dns_name = 'old-1.eu-west-1.elb.amazonaws.com';
    const given = { alias: [{ name: dns_name }] };
    const graph = planOf({
      resources: [{ address: 'aws_route53_record.r', values: given }],
      prior: [{ address: 'data.aws_lb.old', values: { dns_name } }],
    });
    expect(aliasOf(graph)).toBe(dns_name);
    expect(dnsOf(graph, 'data.aws_lb.old')).toBe(dns_name);
  });

  it("an endpoint group without a region is left to its provider's, and a foreign endpoint stays as it is", () => {
    const values = { endpoint_configuration: [{ endpoint_id: arnIn('eu-west-1') }] };
    const address = 'aws_globalaccelerator_endpoint_group.g';
    const graph = plan({ address, values, unknown: { endpoint_group_region: true }, provider: 'aws.ohio' });
    expect(textOf(at(graph, address).values, 'endpoint_group_region')).toBeUndefined();
    expect(blockOf(at(graph, address).values, 'endpoint_configuration')).toEqual({ endpoint_id: arnIn('eu-west-1') });
  });

  it.each([
    ['AWS fills it in: absent', 'aws_lb_target_group', 'health_check', undefined],
    ['AWS never does: unknown', 'aws_route53_record', 'alias', /a dynamic block writes it/],
  ])('a whole block may be unknown. %s', (_, type, name, reason) => {
    const { values } = at(plan({ address: `${type}.x`, unknown: { [name]: true } }), `${type}.x`);
    if (reason === undefined) expect(values).toEqual({});
    else expect(() => values[name]).toThrow(reason);
  });

  it('aws_alb and aws_lb are one type', () => {
    const graph = plan(balancer('aws_alb.a'), { address: 'aws_alb_listener.l', values: {} }, { address: 'aws_albx.x' });
    expect(graph.resources.map(({ type }) => type)).toEqual(['aws_lb', 'aws_lb_listener', 'aws_albx']);
    expect(graph.ofType('aws_lb').map(({ address }) => address)).toEqual(['aws_alb.a']);
  });

  it('what the configuration makes none of is no candidate; functions leave references as they are', () => {
    const none = { address: 'aws_lb', mode: 'managed', type: 'aws_lb', name: 'off', count_expression: {} };
    const base = planJson({ resources: [balancer('aws_lb.a'), record(refs('aws_lb.off', 'aws_lb.a.dns_name'))] });
    const json = JSON.parse(JSON.stringify(base)) as { configuration: { root_module: { resources: object[] } } };
    json.configuration.root_module.resources.push(none);
    const graph = parseStack(json, '/');
    expect(aliasOf(graph)).toBe(dnsOf(graph, 'aws_lb.a'));
  });

  it('checks, dots and stars do no harm', () => {
    const address = 'module.a-b["*.x"].aws_route53_record.r-1["*.a.example"]';
    const graph = planOf({
      resources: [{ address, values: { name: '*.a.example' } }],
      more: { checks: [{ status: 'pass' }] },
    });
    expect(textOf(at(graph, address).values, 'name')).toBe('*.a.example');
  });

  it('a stack without a record has the name of its front door', () => {
    const graph = plan({ address: 'aws_cloudfront_distribution.d', unknown: { domain_name: true, arn: true } });
    expect(graph.attribute(at(graph, 'aws_cloudfront_distribution.d'), 'domain_name')).toBe(
      'aws_cloudfront_distribution.d.domain_name',
    );
  });
});

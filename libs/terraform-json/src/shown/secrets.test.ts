// What a reader must not show, and what a plan lacks.
import { numberOf, textOf } from '../attributes';
import { parseStack } from '../read-stack';
import { balancer, plan, planJson, planOf, refs, state, stateJson } from './testing/plan';
import { aliasOf, at, reasons, record } from './testing/reading';

describe('secrets', () => {
  const SECRET = 'hunter2';
  const values = { password: SECRET, tags: { token: SECRET }, size: 3, options: [{ key: SECRET }] };
  const secret = { password: true, tags: { token: true }, size: true, options: [{ key: true }] };
  const address = 'aws_x.x';

  it.each([
    ['a plan', plan({ address, values, secret })],
    ['a state', state({ address, values, secret })],
    ['a variable', planOf({ resources: [{ address }], more: { variables: { p: { value: SECRET } } } })],
    [
      'an output',
      parseStack({ ...stateJson([]), values: { outputs: { o: { sensitive: true, value: SECRET } } } }, '/'),
    ],
  ])('are shown by nothing of %s', (_, graph) => {
    const texts = [graph.resources, graph.outputs].map((part) => {
      try {
        return JSON.stringify(part);
      } catch (error) {
        return String(error);
      }
    });
    expect(texts.join('')).not.toContain(SECRET);
    expect(JSON.stringify(graph.unknown)).not.toContain(SECRET);
  });

  it.each([['sensitive_values'], ['after_sensitive']])('are hidden by %s alone', (other) => {
    const text = JSON.stringify(planJson({ resources: [{ address, values, secret }] }));
    const json = JSON.parse(text, (key, value: unknown) =>
      key === other ? value : /_sens|sensitive_/.test(key) ? {} : value,
    );
    expect(textOf(at(parseStack(json, '/'), address).values, 'password')).toBe('(sensitive) aws_x.x: password');
  });

  it('can be passed on and asked for, and are no numbers', () => {
    const { values: read } = at(plan({ address, values, secret }), address);
    expect(textOf(read, 'password')).toBe('(sensitive) aws_x.x: password');
    expect(() => numberOf(read, 'size')).toThrow(/size: is unknown.*marked as sensitive/);
  });

  it('a region that a sensitive variable gives is not shown', () => {
    const json = planJson({
      resources: [balancer('aws_lb.a')],
      providers: { aws: { expressions: { region: refs('var.r') } } },
    });
    const written = JSON.parse(JSON.stringify(json)) as { configuration: { root_module: object }; variables: object };
    written.variables = { r: { value: 'eu-west-1' } };
    Object.assign(written.configuration.root_module, { variables: { r: { sensitive: true } } });
    expect(reasons(parseStack(written, '/'))).toEqual([expect.stringContaining('aws_lb.a region')]);
  });
});

describe('what a plan lacks', () => {
  it.each([
    ['an error', { errored: true }, /ended with an error/],
    ['a target', { complete: false }, /not complete/],
  ])('%s: said, and what it depends on is unknown', (_, more, note) => {
    const graph = planOf({ resources: [record(refs('aws_lb.gone.dns_name'))], more });
    expect(graph.notes).toEqual([expect.stringMatching(note)]);
    expect(reasons(graph)).toEqual([expect.stringMatching(/aws_lb\.gone is not in the plan/)]);
  });

  it('a deferred change: its type cannot be counted, and what refers to it is unknown', () => {
    const change = { address: 'aws_lb.later', mode: 'managed', type: 'aws_lb', name: 'later', change: {} };
    const more = { deferred_changes: [{ reason: 'provider_config_unknown', resource_change: change }] };
    const graph = planOf({ resources: [record(refs('aws_lb.later.dns_name'))], more });
    expect(() => graph.ofType('aws_lb')).toThrow(
      /aws_lb\.later: count: is unknown.*deferred \(provider_config_unknown\)/,
    );
    expect(() => aliasOf(graph)).toThrow(/deferred/);
    expect(graph.notes).toEqual(['the plan defers changes to another apply', 'deferred: aws_lb.later']);
  });

  it('what Terraform forgets is left in AWS', () => {
    const graph = planOf({
      more: { resource_changes: [{ address: 'aws_lb.a', change: { actions: ['forget'], after: null } }] },
    });
    expect(graph.notes).toEqual(['left in AWS, and forgotten by Terraform: aws_lb.a']);
  });
});

// Plans that say less than all, and bases of something else: what is said of them.
import { InputError } from '@dr/contracts';
import { reviewStack } from '../review';
import { applied, planned, remove, stateJson, stays, update, type Edits } from '../testing/planned';

const NO_OBJECTIVE = { rtoSeconds: null, rpoSeconds: null };
const R = 'aws_route53_record.r';
const LB = {
  ...{
    arn: 'arn:aws:elasticloadbalancing:eu-west-1:1:loadbalancer/app/a/1',
    name: 'a',
    load_balancer_type: 'application',
  },
  dns_name: 'a.eu-west-1.elb.amazonaws.com',
};
const RECORD = {
  ...{
    id: 'r',
    fqdn: 'app.a.example',
    name: 'app.a.example',
    type: 'CNAME',
    zone_id: 'Z1',
    ttl: 10,
    set_identifier: 'a',
  },
  ...{ records: [LB.dns_name], health_check_id: 'c-1', latency_routing_policy: [{ region: 'eu-west-1' }] },
};
const STACK: Edits = { [R]: stays(RECORD), 'aws_lb.a': stays(LB) };
const said = (edits: Edits, more: Readonly<Record<string, unknown>> = {}) => {
  const { verdict, names, findings, changes, unknown } = reviewStack(planned(edits, more), NO_OBJECTIVE);
  return {
    verdict,
    names: names.map(({ name }) => name),
    rules: findings.filter(({ rule }) => rule.startsWith('change-')).map(({ rule, address }) => `${rule} ${address}`),
    changes: changes.map(({ actions, address }) => `${actions.join('+')} ${address}`),
    notes: unknown.filter(({ address }) => address === '').map(({ why }) => why),
  };
};

/** The record is left out of the plan: its change is put off. */
const DEFERRED = {
  complete: false,
  prior_state: stateJson(STACK),
  deferred_changes: [
    {
      reason: 'instance_count_unknown',
      resource_change: {
        ...{ address: R, mode: 'managed', type: 'aws_route53_record', name: 'r' },
        change: { actions: ['update'] },
      },
    },
  ],
};

test.each([
  ['ended with an error', { errored: true }, /ended with an error/],
  ['was narrowed', { complete: false }, /not complete/],
])('a plan that %s leaves the verdict open', (_, more, note) => {
  expect(said(STACK, more)).toMatchObject({ notes: [expect.stringMatching(note)], changes: [] });
  expect(said(STACK, more).verdict).not.toBe('passes');
});

test('where records are put off nobody can say what a name does, and none is said to be removed', () => {
  const { verdict, names, rules, changes, notes } = said({ 'aws_lb.a': stays(LB) }, DEFERRED);
  expect({ verdict, names, rules, changes }).toEqual({ verdict: 'unknown', names: [], rules: [], changes: [] });
  expect(notes).toContain(
    `no name is judged: how many of ${R} there will be is unknown, its change is deferred (instance_count_unknown)`,
  );
});

test('a plan that destroys everything is one finding, with all that goes', () => {
  const plan = { [R]: remove(RECORD), 'aws_lb.a': remove(LB) };
  expect(said(plan)).toEqual({
    verdict: 'fails',
    names: [],
    rules: [`change-destroys-the-stack ${R}`],
    changes: [`delete ${R}`, 'delete aws_lb.a'],
    notes: [],
  });
});

describe('a base', () => {
  const beside = (base: Edits, edits: Edits = STACK) => reviewStack(planned(edits), NO_OBJECTIVE, applied(base));
  const notes = (base: Edits): string[] =>
    beside(base).unknown.flatMap(({ address, why }) => (address === '' ? [why] : []));

  test('of another stack is refused', () => {
    expect(() => beside({ 'aws_sns_topic.x': stays({ name: 'x' }) })).toThrow(InputError);
    expect(() => beside({ 'aws_sns_topic.x': stays({ name: 'x' }) })).toThrow(
      /the base: has no resource of this stack/,
    );
  });

  test('with the same addresses, and other ARNs, is said to be of another one', () => {
    expect(notes({ ...STACK, 'aws_lb.a': stays({ ...LB, arn: 'arn:other' }) })).toEqual([
      'the base has the same addresses, and not one ARN of this stack: it may be of another one',
    ]);
    expect(notes(STACK)).toEqual([]);
  });

  test('that cannot be read as Route 53 would is said, and the stack is judged all the same', () => {
    const twice = { ...STACK, 'aws_route53_record.s': stays(RECORD) };
    expect(notes(twice)).toEqual([expect.stringMatching(/^this is not compared with its base: .*conflicts with/)]);
    expect(beside(twice).names).toHaveLength(1);
  });

  test('that holds nothing makes everything new', () => {
    expect(beside({}).changes).toEqual([]);
  });
});

test('an update that says nothing new is none', () => {
  expect(said({ ...STACK, [R]: update(RECORD, { records: [LB.dns_name.toUpperCase()] }) }).changes).toEqual([]);
});

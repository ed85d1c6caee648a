// What `dr plan-check` prints and ends with.
import { systemOf } from '../testing/run-on';

const change = (address: string, actions: string[], before: object = {}) => {
  const [type, name] = address.split('.');
  return { address, mode: 'managed', type, name, change: { actions, before, after: null } };
};
const planOf = (...resource_changes: object[]): string =>
  JSON.stringify({
    format_version: '1.2',
    planned_values: {},
    resource_changes,
    configuration: {
      provider_config: Object.fromEntries(
        ['mumbai', 'paris'].map((alias) => [
          alias,
          { alias, expressions: { region: { constant_value: `${alias}-1` } } },
        ]),
      ),
    },
  });
const PARIS = [change('aws_lb.paris_alb', ['delete']), change('aws_lb.mumbai_alb', ['no-op'])];

async function check(text: string, ...flags: string[]) {
  const processes = { readFile: () => text } as never;
  return systemOf({ context: { processes } }).dr('plan-check --plan', 'plan.json', ...flags);
}

test('a plan that takes nothing passes', async () => {
  const { code, out } = await check(planOf(change('aws_lb.mumbai_alb', ['no-op'])));
  expect({ code, out }).toEqual({ code: 0, out: 'The plan takes nothing that is protected.\n' });
});

test('fails with 1 on a region that leaves, and says what lets it', async () => {
  const { code, out } = await check(planOf(...PARIS));
  expect(code).toBe(1);
  expect(out).toContain('paris leaves: the whole region paris-1, 1 resource\n');
  expect(out).toContain('--allow-destroy paris');
});

test('the named region passes, and the list stays on record', async () => {
  const { code, out } = await check(planOf(...PARIS), '--allow-destroy', 'paris');
  expect(code).toBe(0);
  expect(out).toContain('aws_lb.paris_alb is destroyed');
});

test('fails on the name of another region, and notes that it does nothing', async () => {
  const { code, err } = await check(planOf(...PARIS), '--allow-destroy', 'mumbai');
  expect(code).toBe(1);
  expect(err).toContain('nothing protected of "mumbai"');
});

test('what AWS would refuse half way is refused with the order of steps', async () => {
  const held = planOf(change('aws_lb.paris_alb', ['delete'], { enable_deletion_protection: true }));
  const { code, out } = await check(held, '--destroy');
  expect(code).toBe(1);
  expect(out).toContain('options.protect = false first');
});

test('the same as JSON', async () => {
  const { out } = await check(planOf(...PARIS), '--json');
  expect(JSON.parse(out).refused).toHaveLength(2);
});

test('fails with 2 on what is no plan', async () => {
  const { code, err } = await check('{}');
  expect(code).toBe(2);
  expect(err).toContain('terraform show -json');
});

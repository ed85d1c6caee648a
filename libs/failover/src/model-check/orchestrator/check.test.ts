// What people are told of one outage, whatever is lost, late or dies in between.
import { bundledModelCheck } from '../testing/bundle';

const { ORCHESTRATOR_RULES, QUICK_TELLING, TELLING, TELLING_MUTANTS, exploreTelling, telling } = bundledModelCheck();

test.each(QUICK_TELLING.map((options) => [options.name, options] as const))(
  'people are told once: %s',
  (_, options) => {
    const { violation, complete, states } = exploreTelling(options);
    expect(violation).toBeUndefined();
    expect(complete).toBe(true);
    expect(states).toBeGreaterThan(10_000);
  },
);

test.each(TELLING_MUTANTS.map((mutant) => [mutant.name, mutant] as const))('fails: %s', (_, { options, breaks }) => {
  const { violation, complete } = exploreTelling(options);
  expect(violation?.property).toBe(breaks);
  expect(violation?.meaning).toBe(TELLING[breaks]);
  expect(complete).toBe(false);
});

it('has a mutant for every property', () => {
  expect([...new Set(TELLING_MUTANTS.map(({ breaks }) => breaks))].sort()).toEqual(Object.keys(TELLING));
});

it('tells the way to a violation, step by step', () => {
  const { timing } = ORCHESTRATOR_RULES;
  const { violation } = exploreTelling(
    telling('edge', 0, { ...ORCHESTRATOR_RULES, timing: { ...timing, alarmLagMs: 0 } }),
  );
  expect(violation?.trace.some((line) => line.includes('B is back'))).toBe(true);
  expect(violation?.trace.at(-1)).toMatch(/told: .*B#1#HealthCheckFailed.*B#2#HealthCheckFailed/);
});

it('says so when it gave up before the end', () => {
  expect(exploreTelling({ ...telling('dark', 1), maxStates: 100 })).toMatchObject({ complete: false });
});

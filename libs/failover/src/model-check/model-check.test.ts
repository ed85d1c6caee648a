// The admission rules under every sequence of faults up to a depth, and the proof that the checker is awake.
import { StateStore } from './state-store';
import { bundledModelCheck } from './testing/bundle';

const { LIVENESS, MUTANTS, QUICK, QUICK_STEPS, SAFETY, explore, exploreDeep, preset, walk, walkOf, walksOf } =
  bundledModelCheck();

describe('the rules as they are', () => {
  test.each(QUICK.map((options) => [options.name, options] as const))('%s', (_, options) => {
    const { violation, complete, states } = explore(options);
    expect(violation).toBeUndefined();
    expect(complete).toBe(true);
    expect(states).toBeGreaterThan(400);
  });

  it('a region serves within D and one heartbeat of a lost peer, 2 D and one when it was evacuated', () => {
    const { waits } = explore(preset({ disturbances: 2, faults: ['crash'] }));
    expect(waits).toEqual({ recovering: 4, evacuated: 7 });
  });
});

describe('broken rules', () => {
  test.each(MUTANTS.map((mutant) => [mutant.name, mutant] as const))('fails: %s', (_, { rules, needs, breaks }) => {
    const { violation, complete } = explore(preset({ ...needs, rules }));
    expect(violation?.property).toBe(breaks);
    expect(complete).toBe(false);
  });

  const throttling = MUTANTS.filter(({ needs }) => needs.faults?.includes('throttled'));
  test.each(throttling.map((mutant) => [mutant.name, mutant] as const))(
    'fails where writes alone are throttled: %s',
    (_, { rules, needs, breaks }) => {
      const faults = needs.faults?.map((kind) => (kind === 'throttled' ? 'throttled-writes' : kind));
      expect(explore(preset({ ...needs, ...(faults ? { faults } : {}), rules })).violation?.property).toBe(breaks);
    },
  );

  it('tells the shortest way to the violation, step by step', () => {
    const mutant = MUTANTS.find(({ name }) => name === 'serves at once when it is back');
    const { violation } = explore(preset({ ...mutant?.needs, ...(mutant ? { rules: mutant.rules } : {}) }));
    expect(violation?.meaning).toBe(SAFETY.I3);
    // One fault, W in beats that do not come, the healing, the beat that breaks it.
    expect(violation?.trace[0]).toMatch(/^break /);
    expect(violation?.trace).toHaveLength(1 + 4 + 1 + 1);
  });
});

describe('a random walk through four regions', () => {
  test.each(walksOf(1, QUICK_STEPS).map((options) => [options.name, options] as const))('%s', (_, options) => {
    const first = walk(options);
    expect(first.violation).toBeUndefined();
    expect(first.steps).toBe(QUICK_STEPS);
    expect(first.decisions).toBeGreaterThan(1_000);
    expect(walk(options)).toEqual(first);
    expect(walk({ ...options, seed: 2 })).not.toMatchObject({ decisions: first.decisions, beats: first.beats });
  });

  const walked = [
    'never returns unasked',
    'takes no notice of the end of an absence',
    'returns unasked beside a serving peer',
    'takes throttling for an absence',
    'leaves a refused order open',
  ];
  test.each(MUTANTS.filter(({ name }) => walked.includes(name)).map((one) => [one.name, one] as const))(
    'fails: %s',
    (_, { rules, breaks, needs }) => {
      const { violation } = walk(walkOf(1, 100_000, { rules, ...(needs.faults ? { faults: needs.faults } : {}) }));
      expect(violation?.property).toBe(breaks);
      // What the violation does not need is left out.
      expect(violation?.trace.filter((line) => !line.startsWith('beat')).length).toBeLessThanOrEqual(6);
    },
  );
});

describe('the checker itself', () => {
  it('says so when it gave up before the end', () => {
    expect(explore(preset({ disturbances: 2, maxStates: 1000 }))).toMatchObject({ complete: false });
  });

  it('explores the same states every time', () => {
    const [a, b] = exploreDeep(() => undefined, [preset(), preset()]);
    expect(a).toEqual(b);
  });

  it('finds each equal state again and no other, also while the store grows', () => {
    const store = new StateStore(3, 4);
    const all = Array.from({ length: 5000 }, (_, i) => Uint8Array.of(i & 255, i >> 8, (i * 7) & 255));
    expect(all.map((bytes) => store.intern(bytes))).toEqual(all.map((_, i) => i));
    expect(all.map((bytes) => store.intern(bytes))).toEqual(all.map((_, i) => i));
    expect([...store.bytesOf(4321)]).toEqual([...(all[4321] ?? [])]);
  });

  it('has a mutant for every property that rules can break', () => {
    const caught = new Set(MUTANTS.map(({ breaks }) => breaks));
    const all = [...Object.keys(SAFETY), ...Object.keys(LIVENESS)];
    expect(all.filter((id) => !caught.has(id as never))).toEqual([]);
  });
});

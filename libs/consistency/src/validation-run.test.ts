// Properties of a run: what differs is named once and rightly, in whatever order and pages items come, stored and gone on with at
// any step.
import fc from 'fast-check';
import type { ReplicaItem } from './compare';
import { OpenKeys, type OpenChunk } from './open-keys';
import { compareNaively } from './testing/naive';
import { HERE, newRun, type RunState } from './stored-run';
import { MAX_OPEN, PAGE_ITEMS, TOO_MANY, ValidationRun, type PageRequest } from './validation-run';

const START_MS = Date.parse('2026-11-01T00:00:00.000Z');
const stampAt = (ms: number, region: string): string =>
  `${new Date(START_MS + ms).toISOString()}#${region}#0000000a-000001`;

/** A run between two steps, as it is stored. */
class Stored {
  private chunks: OpenChunk[] = [];
  private recent = new OpenKeys().recent();

  constructor(public state: RunState) {}

  take(): ValidationRun {
    return new ValidationRun(this.state, new OpenKeys(this.chunks, this.recent));
  }

  /** `chunk`: the keys go into a chunk now; `tidy`: and stand for all chunks before. */
  keep(run: ValidationRun, how: 'recent' | 'chunk' | 'tidy'): void {
    if (how === 'tidy') this.chunks = run.open.takeAll(500);
    if (how === 'chunk') this.chunks = [...this.chunks, ...run.open.takeRecent(500)];
    [this.state, this.chunks, this.recent] = JSON.parse(
      JSON.stringify([run.snapshot(), this.chunks, run.open.recent()]),
    ) as [RunState, OpenChunk[], OpenChunk];
  }
}

interface Replicas {
  readonly here: readonly ReplicaItem[];
  readonly peers: readonly (readonly ReplicaItem[])[];
}

const itemsOf = ({ here, peers }: Replicas, replica: PageRequest['replica']): readonly ReplicaItem[] =>
  replica === HERE ? here : (peers[replica] ?? []);

/** Answers as a table does whose pages hold `most` items. */
function answer(replicas: Replicas, { replica, cursor, limit }: PageRequest, most: number) {
  const items = itemsOf(replicas, replica);
  const start = Number(cursor ?? 0);
  const end = start + Math.min(limit, most);
  return { replica, items: items.slice(start, end), ...(end < items.length ? { cursor: String(end) } : {}) };
}

const indexes = new WeakMap<readonly ReplicaItem[], ReadonlyMap<string, ReplicaItem>>();

function find(items: readonly ReplicaItem[], key: { readonly id: string; readonly timestamp: string }) {
  const nameOf = ({ id, timestamp }: typeof key): string => `${id} ${timestamp}`;
  const index = indexes.get(items) ?? new Map(items.map((item) => [nameOf(item), item]));
  indexes.set(items, index);
  return index.get(nameOf(key));
}

/** `pages`: how many items the pages of each step hold. */
function runThrough(replicas: Replicas, pages: () => number, between: (run: ValidationRun) => ValidationRun) {
  let run = between(
    new ValidationRun(
      newRun({ id: 'r', startedAtMs: START_MS, settleMs: 0, peers: replicas.peers.map((_, at) => `p${at}`) }),
      new OpenKeys(),
    ),
  );
  for (let step = 0; run.stage !== 'finished'; step += 1) {
    if (step > 100_000) throw new Error('the run does not end');
    if (run.stage === 'scanning') {
      run.addPages(
        run.nextPages().map((request) => answer(replicas, request, pages())),
        START_MS,
      );
    } else {
      for (const key of run.nextKeys(3)) {
        run.settle(key, find(replicas.here, key), find(replicas.peers[key.peer] ?? [], key));
      }
    }
    run = between(run);
  }
  return run;
}

const rows = fc.array(
  fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'control', 'control-x'),
    // Some are stamped after the run began.
    ms: fc.integer({ min: -40, max: 4 }),
    region: fc.constantFrom('mumbai', 'singapore'),
    previous: fc.option(
      fc.integer({ min: -40, max: 0 }).map((ms) => stampAt(ms, 'mumbai')),
      { nil: null },
    ),
    key: fc.option(fc.constantFrom('k', 'l'), { nil: undefined }),
    values: fc.tuple(fc.nat(2), fc.nat(2), fc.nat(2)),
  }),
  { maxLength: 60 },
);

function replicasOf(generated: typeof rows extends fc.Arbitrary<infer R> ? R : never): Replicas {
  const unique = [...new Map(generated.map((row) => [`${row.id} ${stampAt(row.ms, row.region)}`, row])).values()];
  unique.sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : a.ms - b.ms || (a.region < b.region ? -1 : 1)));
  const side = (at: 0 | 1 | 2): ReplicaItem[] =>
    unique
      .filter(({ values }) => values[at] > 0)
      .map(({ id, ms, region, previous, key, values }) => ({
        id,
        timestamp: stampAt(ms, region),
        region,
        previous,
        ...(key === undefined ? {} : { idempotencyKey: key }),
        value: values[at],
      }));
  return { here: side(0), peers: [side(1), side(2)] };
}

const shuffled = <T>(items: readonly T[], seed: number): T[] =>
  [...items]
    .map((item, at) => ({ item, by: ((at + 1) * (seed * 2 + 1) * 7919) % 1009 }))
    .sort((a, b) => a.by - b.by)
    .map(({ item }) => item);

it.each([
  ['all replicas list their items in one order', false],
  ['peers list theirs in orders of their own', true],
])('finds what the naive comparison finds, whatever is stored and gone on with in between: %s', (_, anyOrder) => {
  fc.assert(
    fc.property(
      rows,
      fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
      fc.infiniteStream(fc.nat(4)),
      (generated, sizes, stops) => {
        const sorted = replicasOf(generated);
        const replicas = anyOrder ? { ...sorted, peers: sorted.peers.map((peer, at) => shuffled(peer, at)) } : sorted;
        const pages = (): number => sizes.next().value as number;
        const whole = runThrough(replicas, pages, (run) => run).reports();
        const stored = new Stored(newRun({ id: 'r', startedAtMs: START_MS, settleMs: 0, peers: ['p0', 'p1'] }));
        const parts = runThrough(replicas, pages, (run) => {
          const how = (['recent', 'chunk', 'tidy'] as const)[stops.next().value as number];
          if (!how) return run;
          stored.keep(run, how);
          return stored.take();
        }).reports();
        expect(parts).toEqual(whole);
        for (const [at, peer] of replicas.peers.entries()) {
          const { differences, ...counts } = compareNaively(replicas.here, peer, START_MS);
          expect(whole[at]).toMatchObject({ complete: true, inFlight: 0, ...counts });
          expect(whole[at]?.samples).toEqual(differences.slice(0, 20));
        }
      },
    ),
    { numRuns: 300 },
  );
});

const many = (count: number, from = 0): ReplicaItem[] =>
  Array.from({ length: count }, (_, at) => ({
    id: 'x',
    timestamp: stampAt(from + at - 1e9, 'mumbai'),
    region: 'mumbai',
  }));

it('keeps abreast: after a gap in one replica the others wait for it, and what is open is what differs', () => {
  const all = many(14_000);
  const gap = [...all.slice(0, 3_000), ...all.slice(5_321)];
  for (const replicas of [
    { here: all, peers: [gap, all] },
    { here: gap, peers: [all, all] },
  ]) {
    let most = 0;
    let stepsAfterGap = 0;
    runThrough(
      replicas,
      () => PAGE_ITEMS,
      (run) => {
        if (run.stage === 'scanning') most = Math.max(most, run.open.size);
        if (run.snapshot().here.items > 9_000 && run.stage === 'scanning') {
          stepsAfterGap += 1;
          const differing = replicas.here === all ? 2_321 : 2 * 2_321;
          expect(run.open.size - differing).toBeLessThanOrEqual(3);
        }
        return run;
      },
    );
    expect(stepsAfterGap).toBeGreaterThan(1);
    expect(most).toBeLessThan(4 * 3_321);
  }
});

it('keeps nothing of items that both replicas show alike in the same step, and finds their places again after a gap', () => {
  const all = many(5_000);
  const gap = all.filter((_, at) => at % 400 >= 10);
  const changed = gap.map((item, at) => (at === 1_000 ? { ...item, value: 'other' } : item));
  const opened = new Set<unknown>();
  const open = new OpenKeys();
  const set = jest.spyOn(open, 'set').mockImplementation((key) => {
    opened.add(key.timestamp);
    return OpenKeys.prototype.set.call(open, key);
  });
  const run = new ValidationRun(newRun({ id: 'r', startedAtMs: START_MS, settleMs: 0, peers: ['p'] }), open);
  while (run.stage === 'scanning')
    run.addPages(
      run.nextPages().map((one) => answer({ here: all, peers: [changed] }, one, PAGE_ITEMS)),
      START_MS,
    );
  expect(open.size).toBe(all.length - gap.length + 1);
  // Where a page ends, a copy may be in the next one.
  const atEnds = 10 * (PAGE_ITEMS / 400) * (all.length / PAGE_ITEMS);
  expect(opened.size).toBeLessThanOrEqual(open.size + atEnds);
  expect(set).toHaveBeenCalled();
});

it('takes what was shown last, when a replica shows a key again', () => {
  const [item] = many(1) as [ReplicaItem];
  const old = { ...item, value: 'old' };
  const run = new ValidationRun(newRun({ id: 'r', startedAtMs: START_MS, settleMs: 0, peers: ['p'] }), new OpenKeys());
  const step = (here: ReplicaItem[], there: ReplicaItem[], cursor?: string) =>
    run.addPages(
      [
        { replica: HERE, items: here, cursor },
        { replica: 0, items: there, cursor },
      ],
      START_MS,
    );
  step([old], [], '1');
  expect(run.open.size).toBe(1);
  step([item], [item]);
  expect(run.open.size).toBe(0);
  expect(run.reports()).toMatchObject([{ inFlight: 0, divergent: 0 }]);
});

it('reads no page twice, and asks nobody for more after its end', () => {
  const all = many(10_500);
  const replicas = { here: all, peers: [all.slice(3_000), all.slice(0, 100)] };
  const asked: string[] = [];
  let run = new ValidationRun(
    newRun({ id: 'r', startedAtMs: START_MS, settleMs: 0, peers: ['a', 'b'] }),
    new OpenKeys(),
  );
  while (run.stage === 'scanning') {
    const requests = run.nextPages();
    asked.push(...requests.map(({ replica, cursor }) => `${replica} ${cursor ?? ''}`));
    run.addPages(
      requests.map((request) => answer(replicas, request, PAGE_ITEMS)),
      START_MS,
    );
    run = new ValidationRun(run.snapshot(), new OpenKeys([], run.open.recent()));
  }
  expect(new Set(asked).size).toBe(asked.length);
});

it('ends honestly, with what it can vouch for, when more differs than it can hold', () => {
  const extra = many(MAX_OPEN + 1);
  const divergent = { ...(extra[0] as ReplicaItem), value: 1 };
  const run = runThrough(
    { here: extra, peers: [[divergent], extra] },
    () => PAGE_ITEMS,
    (one) => one,
  );
  const [first, second] = run.reports();
  expect(first).toMatchObject({ complete: false, incompleteBecause: TOO_MANY, missingThere: 0, divergent: 1 });
  expect(second).toMatchObject({ complete: true, missingHere: 0, missingThere: 0, itemsThere: extra.length });
});

it('goes on with the other peer when one cannot be read, and ends when none can', () => {
  const all = many(2_500);
  const replicas = { here: all, peers: [all, all.slice(1)] };
  const start = newRun({ id: 'r', startedAtMs: START_MS, settleMs: 0, peers: ['dark', 'light'] });
  const run = new ValidationRun(start, new OpenKeys());
  run.giveUp(0, 'dark', START_MS);
  while (run.stage === 'scanning')
    run.addPages(
      run.nextPages().map((one) => answer(replicas, one, 1_000)),
      START_MS,
    );
  for (const key of run.nextKeys(9)) run.settle(key, find(replicas.here, key), find(replicas.peers[1] ?? [], key));
  expect(run.reports()).toMatchObject([
    { complete: false, incompleteBecause: 'dark' },
    { complete: true, missingThere: 1, itemsThere: 2_499 },
  ]);
  const none = new ValidationRun(start, new OpenKeys());
  none.giveUp(HERE, 'gone', START_MS);
  expect(none.stage).toBe('finished');
  expect(none.reports()).toMatchObject([{ complete: false }, { complete: false, incompleteBecause: 'gone' }]);
});

it('waits no longer than replication takes, whatever the clock says', () => {
  const start = newRun({ id: 'r', startedAtMs: 0, settleMs: 6_000, peers: ['p'] });
  const run = new ValidationRun({ ...start, scannedAtMs: 1_000_000 }, new OpenKeys());
  const waits = [-1e15, 0, 999_999, 1_000_000, 1_003_000, 1_006_000, 1e15].map((nowMs) => run.settlesInMs(nowMs));
  expect(waits).toEqual([6_000, 6_000, 6_000, 6_000, 3_000, 0, 0]);
});

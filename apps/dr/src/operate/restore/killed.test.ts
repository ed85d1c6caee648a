// A restore that is killed goes on where it was, wherever that is; and of 10^5 versions it finds those that are bad, and no others.
import type { ReplicaItem } from '@dr/consistency';
import { GOOD, KILLED, MemoryFile, MINUTE_MS, RestoredSystem, type Report } from '../../testing/restored-system';

/** Who is dead does nothing more: what still goes on in this process of an ended life fails at its next step. */
class Life {
  private isDead = false;

  readonly step = (isLast: boolean): void => {
    this.isDead ||= isLast;
    if (this.isDead) throw new Error(KILLED);
  };

  async end(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.isDead = false;
  }
}

const FOUND = ['added', 'altered', 'gone'] as const;

/** Every `every`th of `items` items has a bad version: each kind of harm in turn. */
function harmedTable(items: number, versions: number, every: number) {
  const system = new RestoredSystem();
  system.recovery.makingMs = 0;
  system.recovery.nowMs = Date.parse(GOOD) - 1_000;
  system.recovery.earliestMs = system.recovery.nowMs;
  const was: ReplicaItem[] = [];
  for (let version = 0; version < versions; version += 1) {
    for (let at = 0; at < items; at += 1) {
      const item = system.put(`item-${at}`, `{"version":${version}}`);
      if (version === versions - 1) was.push(item);
    }
    system.pass(1);
  }
  system.recovery.nowMs = Date.parse(GOOD) + 1_000;
  const bad: string[] = [];
  for (let at = 0; at < items; at += every) {
    const last = was[at] as ReplicaItem;
    const kind = FOUND[(at / every) % FOUND.length] as (typeof FOUND)[number];
    let harmed: Pick<ReplicaItem, 'id' | 'timestamp'> = last;
    if (kind === 'added') harmed = system.put(last.id, '{"bad":true}');
    else if (kind === 'altered') system.recovery.write({ ...last, json: '{"bad":true}' });
    else system.recovery.remove(last);
    bad.push(`${harmed.id} ${harmed.timestamp} ${kind}`);
  }
  system.pass(10 * MINUTE_MS);
  return { system, bad: bad.sort() };
}

const ARGS = `--to ${GOOD} --progress p --json --yes`;

const foundIn = (report: Report | undefined): string[] =>
  (report?.plan ?? [])
    .flatMap(({ id, versions }) => versions.map(({ timestamp, kind }) => `${id} ${timestamp} ${kind}`))
    .sort();

async function whole(
  system: RestoredSystem,
  items: number,
  versions: number,
  before: number,
  bad: number,
): Promise<void> {
  const shown = await Promise.all(Array.from({ length: items }, (_, at) => system.shows(`item-${at}`)));
  expect(new Set(shown)).toEqual(new Set([`{"version":${versions - 1}}`]));
  expect(system.recovery.live.all()).toHaveLength(before + bad);
}

const ITEMS = 40;
const VERSIONS = 2;

async function undisturbed() {
  const { system, bad } = harmedTable(ITEMS, VERSIONS, 4);
  const file = new MemoryFile();
  await system.dr(ARGS, { file });
  return { calls: system.recovery.calls.length, appends: file.lines.length, bad };
}

test('killed before any call of AWS, it goes on and comes to the same', async () => {
  const { calls, bad } = await undisturbed();
  expect(calls).toBeGreaterThan(50);
  for (let at = 1; at <= calls; at += 1) {
    const { system } = harmedTable(ITEMS, VERSIONS, 4);
    const before = system.recovery.live.all().length;
    const file = new MemoryFile();
    const life = new Life();
    system.recovery.onCall = (_, count) => life.step(count === at);
    expect((await system.dr(ARGS, { file })).err).toContain(KILLED);
    await life.end();
    const { code, report } = await system.dr(ARGS, { file });
    expect({ code, found: foundIn(report) }).toEqual({ code: 0, found: bad });
    await whole(system, ITEMS, VERSIONS, before, bad.length);
  }
});

test('killed before any line of its progress is kept, half a line written or none, it writes nothing twice', async () => {
  const { appends, bad } = await undisturbed();
  for (let at = 1; at <= appends; at += 1) {
    const { system } = harmedTable(ITEMS, VERSIONS, 4);
    const before = system.recovery.live.all().length;
    const file = new MemoryFile();
    const life = new Life();
    system.recovery.onCall = () => life.step(false);
    let count = 0;
    await system.dr(ARGS, {
      file,
      onAppend: () => {
        count += 1;
        if (count === at && at % 2 === 0) file.torn = '{"kind"';
        life.step(count === at);
      },
    });
    await life.end();
    const { code, report } = await system.dr(ARGS, { file });
    expect({ code, found: foundIn(report) }).toEqual({ code: 0, found: bad });
    await whole(system, ITEMS, VERSIONS, before, bad.length);
  }
});

test('without a file it begins anew, and comes to the same', async () => {
  const { system, bad } = harmedTable(ITEMS, VERSIONS, 4);
  const before = system.recovery.live.all().length;
  const life = new Life();
  let added = 0;
  system.recovery.onCall = (call) => life.step(call === 'live add' && (added += 1) === 5);
  await system.dr(ARGS.replace('--progress p ', ''));
  await life.end();
  const { report } = await system.dr(ARGS.replace('--progress p ', ''));
  expect(foundIn(report)).toEqual(bad);
  await whole(system, ITEMS, VERSIONS, before, bad.length);
});

test('of 10^5 versions it finds the 1,000 that are bad and writes them back once, killed again and again', async () => {
  const [items, versions] = [20_000, 5];
  const { system, bad } = harmedTable(items, versions, 20);
  expect(bad).toHaveLength(1_000);
  const before = system.recovery.live.all().length;
  const file = new MemoryFile();
  const life = new Life();
  let calls = 0;
  // Each life ends after some calls of AWS; progress is kept between.
  system.recovery.onCall = () => life.step((calls += 1) % 400 === 0);
  let ended = await system.dr(ARGS, { file });
  let lives = 1;
  for (; ended.err.includes(KILLED); lives += 1) {
    await life.end();
    ended = await system.dr(ARGS, { file });
  }
  system.recovery.onCall = () => undefined;
  expect(lives).toBeGreaterThan(10);
  expect(ended.code).toBe(0);
  expect(foundIn(ended.report)).toEqual(bad);
  expect(ended.report?.written).toMatchObject({ changed: 0 });
  await whole(system, items, versions, before, bad.length);
  // No page of either table is read twice, but for those in flight when a life ended.
  const pages = system.recovery.calls.filter((call) => call.endsWith('scan')).length;
  expect(pages).toBeLessThan(2 * Math.ceil((items * versions) / 1_000) + 4 * lives);

  const rest = JSON.stringify(system.recovery.live.all());
  const again = await system.dr(`--to ${GOOD} --json --yes`);
  expect(foundIn(again.report)).toEqual(bad);
  expect(again.report?.written).toMatchObject({ written: 0, changed: 0 });
  expect(JSON.stringify(system.recovery.live.all())).toBe(rest);
});

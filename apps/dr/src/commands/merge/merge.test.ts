// Shards from the command line, and what `dr merge` makes of them: what one search would have said, or why it cannot.
import { readFileSync } from 'node:fs';
import { at, comparable, dr, SEARCH, type World } from '../../testing/search-world';

/** The path of the shard's JSON. */
async function shard(index: number, of: number, { world = {}, more = [] as readonly string[], name = '' } = {}) {
  const { out, err } = await dr(world, ...SEARCH, '--shard', `${index}/${of}`, '--json', ...more);
  if (out === '') throw new Error(err);
  return at(`${name || 'shard'}-${index}-of-${of}.json`, out);
}
const shards = (of: number) => Promise.all(Array.from({ length: of }, (_, index) => shard(index + 1, of)));

test.each([1, 3, 8, 10])('%d shards, put together in any order, are the search', async (of) => {
  const paths = await shards(of);
  const whole = await dr({}, ...SEARCH, '--json');
  const merged = await dr({}, 'merge', ...paths.reverse(), '--json');
  expect(merged.code).toBe(1);
  expect(comparable(merged.out)).toEqual(comparable(whole.out));
  const { search } = JSON.parse(merged.out) as { search: { failures: { seed: number; replay: string }[] } };
  expect(search.failures.map(({ seed, replay }) => [seed, replay])).toEqual([
    [8, 'npm run -s dr -- drill --schedule dist/schedules/seed-8.json --seed 8'],
    [11, 'npm run -s dr -- drill --seeds 1 --seed 11'],
  ]);
});

test('for people the whole is said as a search says it, but for the time', async () => {
  const whole = await dr({}, ...SEARCH);
  const merged = await dr({}, 'merge', ...(await shards(3)));
  const untimed = (text: string) => text.split('\n').filter((line) => !/schedules a minute$/.test(line));
  expect(untimed(merged.out)).toEqual(untimed(whole.out));
  expect(merged.out).toMatch(/^ {2}3 shards on 3 processes, the longest 0 s: [\d,]+ schedules a minute$/m);
  expect([whole.code, merged.code]).toEqual([1, 1]);
});

test('a shard says which it is, runs its own seeds, and leaves what was never met to the whole', async () => {
  const { code, out, ran } = await dr({}, ...SEARCH, '--shard', '1/3');
  expect([code, ran]).toEqual([0, [5, 6, 7]]);
  expect(out).toMatch(/^Shard 1 of 3: 3 random schedules, seeds 5 to 7, commit abc1234\n/);
  expect(out).toMatch(/checks hold in every schedule\. What the whole search never met, dr merge says\.\n$/);
  const json = JSON.parse(readFileSync(await shard(2, 3, { more: ['--stop-after', '7'] }), 'utf8')) as object;
  expect(json).toMatchObject({
    replay: 'npm run -s dr -- drill --seeds 10 --seed 5 --stop-after 7 --shard 2/3',
    shard: {
      ...{ index: 2, of: 3, firstSeed: 8, seeds: 3 },
      whole: { seed: 5, seeds: 10, stopAfter: 7, replay: 'npm run -s dr -- drill --seeds 10 --seed 5 --stop-after 7' },
    },
    search: { firstSeed: 8, seeds: 3, neverMet: [] },
  });
});

test('a shard that was told to stop early is part of the whole, which says how many were run', async () => {
  const more = ['--stop-after', '1', '--shrink', '0'];
  const paths = [await shard(1, 2, { more, name: 'early' }), await shard(2, 2, { more, name: 'early' })];
  const { code, out } = await dr({}, 'merge', ...paths);
  expect(code).toBe(1);
  expect(out).toMatch(/^6 of 10 random schedules, seeds 5 to 14, commit abc1234\n/);
});

test.each([
  [{ JOB_COMPLETION_INDEX: '0' }, [5, 6, 7]],
  [{ AWS_BATCH_JOB_ARRAY_INDEX: '2' }, [11, 12, 13, 14]],
  [{ JOB_COMPLETION_INDEX: '1', AWS_BATCH_JOB_ARRAY_INDEX: '1' }, [8, 9, 10]],
])('--shard auto/3 takes its index from %j', async (indexes, seeds) => {
  const { ran } = await dr({ processes: { arrayIndexes: () => indexes } }, ...SEARCH, '--shard', 'auto/3');
  expect(ran).toEqual(seeds);
});

test('without --shard such an index means nothing', async () => {
  const { ran } = await dr({ processes: { arrayIndexes: () => ({ JOB_COMPLETION_INDEX: '1' }) } }, ...SEARCH);
  expect(ran).toHaveLength(10);
});

test.each<[readonly string[], RegExp, Readonly<Record<string, string>>?]>([
  [['--shard', '3'], /--shard "3": is no shard\. Give its number and how many there are, such as --shard 3\/8/],
  [['--shard', '-1/8'], /--shard "-1\/8": is no shard/],
  [['--shard', '1.5/8'], /is no shard/],
  [['--shard', '0/8'], /--shard "0\/8": is none of 8, which are counted from 1\. Give 1 to 8 before the slash/],
  [['--shard', '9/8'], /--shard "9\/8": is none of 8/],
  [['--shard', '1/0'], /has no such count of shards\. Give 1 to 10000 after the slash/],
  [
    ['--shard', '1/11'],
    /--shard 1\/11 with --seeds 10: leaves shards without a seed\. Give 10 shards at most, or more/,
  ],
  [['--shard', '1/2', '--faults', 'matrix'], /--shard with --faults: is of a search, and the table of faults has no/],
  [['--shard', 'auto/8'], /--shard auto\/8: finds neither JOB_COMPLETION_INDEX nor AWS_BATCH_JOB_ARRAY_INDEX/],
  [
    ['--shard', 'auto/8'],
    /JOB_COMPLETION_INDEX 8 with .*: is beyond the last shard, .* 7/,
    { JOB_COMPLETION_INDEX: '8' },
  ],
  [['--shard', 'auto/8'], /JOB_COMPLETION_INDEX "two" with .*: is no index/, { JOB_COMPLETION_INDEX: 'two' }],
  [
    ['--shard', 'auto/8'],
    /finds JOB_COMPLETION_INDEX "1" and AWS_BATCH_JOB_ARRAY_INDEX "2", which name two shards\. Unset the one/,
    { JOB_COMPLETION_INDEX: '1', AWS_BATCH_JOB_ARRAY_INDEX: '2' },
  ],
])('fails with 2 and one paragraph for %j', async (more, message, indexes = {}) => {
  const { code, out, err, ran } = await dr({ processes: { arrayIndexes: () => indexes } }, ...SEARCH, ...more);
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect({ code, out, ran }).toEqual({ code: 2, out: '', ran: [] });
});

test.each(['--shard 1/2', '--progress a.jsonl'])('%s is for a search', async (option) => {
  const { code, err } = await dr({}, 'drill', ...option.split(' '));
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringMatching(/with the drill of one fault: is for a search/),
  });
});

describe('merge refuses, and says why and what to do:', () => {
  const refused = async (message: RegExp, ...paths: readonly string[]) => {
    const { code, out, err } = await dr({}, 'merge', ...paths);
    expect(err).toMatch(message);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect({ code, out }).toEqual({ code: 2, out: '' });
  };

  test('shards that are missing, or given twice', async () => {
    const [one, , three] = (await shards(4)) as [string, string, string];
    await refused(/^2 of 4 shards: shards 2, 4 are missing\. Run them, and give all\n/, three, one);
    await refused(/^shard 1 of 4: is given twice, as ".*" and ".*"\. Give each once\n/, one, three, one);
  });

  test.each<[string, World, readonly string[], RegExp]>([
    ['commits', { processes: { commit: () => 'fff0000' } }, [], /two searches: commit "fff0000" and "abc1234"/],
    ['code', { processes: { codeSha256: () => 'beef' } }, [], /program or function code \(SHA-256\) "beef" and "c0de"/],
    ['numbers of broken seeds', {}, ['--stop-after', '3'], /two searches: --stop-after 3 and none/],
    ['tries to shrink', {}, ['--shrink', '3'], /two searches: --shrink 3 and none/],
    ['objectives', {}, ['--rto', '90'], /two searches: --rto 90 and none/],
    [
      'schedules',
      { context: { configFile: { exists: () => true, sha256: () => 'c1', write: () => null } } },
      [],
      /dr\.config\.ts \(SHA-256\) "c1" and "c0"/,
    ],
  ])('shards of different %s', async (name, world, more, message) => {
    const other = await shard(2, 2, { world, more, name });
    await refused(message, await shard(1, 2), other);
  });

  test('shards of other counts, of seeds or of shards', async () => {
    const one = await shard(1, 2);
    await refused(/two searches: count of shards 3 and 2/, one, await shard(2, 3));
    const { out } = await dr({}, 'drill', '--seeds', '12', '--seed', '5', '--shard', '2/2', '--json');
    await refused(/two searches: count of seeds 12 and 10/, one, at('twelve.json', out));
    const later = await dr({}, 'drill', '--seeds', '10', '--seed', '6', '--shard', '2/2', '--json');
    await refused(/two searches: first seed 6 and 5/, one, at('later.json', later.out));
  });

  test('what is no shard', async () => {
    const one = await shard(1, 2);
    const json = JSON.parse(readFileSync(one, 'utf8')) as { search: object; shard: object };
    const changed = (name: string, more: object) => at(`${name}.json`, JSON.stringify({ ...json, ...more }));
    await refused(/none\.json": there is no such file/, at('none.json'));
    await refused(
      /empty\.json": is empty: the shard has not ended\. Run that shard again; with --progress/,
      at('empty.json', ''),
    );
    await refused(/cut\.json": is not JSON, or was cut off/, at('cut.json', readFileSync(one, 'utf8').slice(0, 900)));
    await refused(/list\.json": is not JSON/, at('list.json', '[]'));
    await refused(/other\.json": is no shard of a search/, at('other.json', '{"schema":1,"rows":[]}'));
    await refused(/whole\.json": is a whole search/, at('whole.json', (await dr({}, ...SEARCH, '--json')).out));
    await refused(/schema\.json": has schema 2; this version reads 1/, changed('schema', { schema: 2 }));
    await refused(
      /figures\.json": search\.requests: /,
      changed('figures', { search: { ...json.search, requests: 'all' } }),
    );
    await refused(
      /less\.json": has run 4 of its 5 seeds\. Run that shard again/,
      changed('less', { search: { ...json.search, schedules: 4, violations: 0 } }),
    );
    await refused(/many\.json": shard\.of: /, changed('many', { shard: { ...json.shard, of: 2 ** 40 } }));
    await refused(
      /slice\.json": has 5 seeds from 5 on; shard 2 of 2 has 5 from 10 on/,
      changed('slice', { shard: { ...json.shard, index: 2 } }),
    );
  });
});

test('shards may be reports, and the whole may be one', async () => {
  const reports = await Promise.all(
    [1, 2].map(async (index) => {
      await dr({}, ...SEARCH, '--shard', `${index}/2`, '--report', at(`page-${index}.html`));
      return at(`page-${index}.json`);
    }),
  );
  const { code, out } = await dr({}, 'merge', ...reports, '--report', at('merged.html'), '--json');
  expect(code).toBe(1);
  const report = JSON.parse(readFileSync(at('merged.json'), 'utf8')) as { headline: string; drills: unknown };
  expect(report.drills).toEqual(JSON.parse(out));
  expect(report.headline).toBe('10 random schedules: 2 seeds broke a promise.');
  const first = JSON.parse(readFileSync(at('page-1.json'), 'utf8')) as { headline: string };
  expect(first.headline).toMatch(/^Shard 1 of 2\. 5 random schedules: /);
});

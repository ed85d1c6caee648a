// Shards that leave what they came to in the files of --progress, and what `dr merge` makes of these.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { at, comparable, directory, dr, SEARCH } from '../../testing/search-world';

test('a shard keeps what it came to in a file of its own in a directory: once, and nothing before it has ended', async () => {
  const folder = at('shards');
  mkdirSync(folder);
  const asked = (index: number) => [...SEARCH, '--shard', `${index}/2`, '--progress', folder];
  const files = [1, 2].map((index) => join(folder, `shard-${index}-of-2.jsonl`)) as [string, string];
  for (const index of [1, 2, 2]) await dr({}, ...asked(index));
  expect(readdirSync(folder).map((name) => join(folder, name))).toEqual(files);
  // A header, five seeds, a smaller schedule of the one broken seed of its kind, the result.
  expect(readFileSync(files[1], 'utf8').trim().split('\n')).toHaveLength(8);
  expect((await dr({}, ...asked(2))).ran).toEqual([]);
  const whole = await dr({}, ...SEARCH, '--json');
  const merged = await dr({}, 'merge', ...files, '--json');
  expect(comparable(merged.out)).toEqual(comparable(whole.out));
  const lines = readFileSync(files[0], 'utf8').split('\n');
  writeFileSync(files[0], `${lines.slice(0, 4).join('\n')}\n`);
  const { code, err } = await dr({}, 'merge', ...files);
  expect({ code, err }).toEqual({
    code: 2,
    err: expect.stringMatching(/shard-1-of-2\.jsonl": has not ended\. Run that shard again with the same --progress/),
  });
});

test('a directory that is not there is said before anything runs', async () => {
  const { code, err, ran } = await dr({}, ...SEARCH, '--shard', '1/2', '--progress', `${directory}/none/`);
  expect({ code, ran }).toEqual({ code: 2, ran: [] });
  expect(err).toMatch(
    /^--progress ".*none\/shard-1-of-2\.jsonl": is not a place to write a file: there is no directory/,
  );
});

test('a search that is no shard needs a file for --progress', async () => {
  const { code, err } = await dr({}, ...SEARCH, '--progress', directory);
  expect(code).toBe(2);
  expect(err).toMatch(/^--progress ".*": is not a place to write a file: it is a directory\. Name a file in it\n/);
});

// Whatever a report is asked of: one clear sentence, exit code 2, and nothing half written.
import {
  closeSync,
  ftruncateSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readLog } from '@dr/event-log';
import { besideReport, checkWritable, REPORT_JSON_BEGINS, samePlace, writeFile } from '../../adapters/files-adapter';
import { readTextFile } from '../../adapters/project-adapter';
import type { Context } from '../../context';
import { eventLogText } from '../../testing/event-log';
import { GAME_DAY, SEARCH_RESULT } from '../../testing/results';
import { departures } from '../../terminal/json-shape';
import { runIn } from '../../testing/run-on';
import { REPORT_FILES } from './json-shape';

const directory = mkdtempSync(join(tmpdir(), 'dr-report-inputs-'));
afterAll(() => rmSync(directory, { recursive: true }));
const at = (name: string): string => join(directory, name);
const file = (name: string, content: unknown): string => {
  writeFileSync(at(name), typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content));
  return at(name);
};

const dr = (...argv: readonly string[]) =>
  runIn(argv, {
    ...{ writeFile, checkWritable, besideReport, samePlace },
    processes: { readFile: readTextFile } as unknown as Context['processes'],
  });

const log = file('log.jsonl', eventLogText());
const tokyo = { name: 'tokyo', awsRegion: 'ap-northeast-1' };
const elsewhere = file(
  'elsewhere.jsonl',
  eventLogText({ regions: [{ name: 'mumbai', awsRegion: 'ap-south-1' }, tokyo] }),
);
const search = file('search.json', SEARCH_RESULT);
const gameDay = file('game-day.json', GAME_DAY);

/** A file of so many bytes that takes no room on the disk. */
function sparse(name: string, bytes: number): string {
  const handle = openSync(at(name), 'w');
  ftruncateSync(handle, bytes);
  closeSync(handle);
  return at(name);
}
mkdirSync(at('folder'));
file('taken.json', { mine: true });

const OUT = ['--out', at('out.html')];
const changed = eventLogText().replace('"regions":["mumbai"]}', '"regions":["singapore"]}');

const BAD: readonly [string, readonly string[], RegExp][] = [
  ['no such file', [at('none'), ...OUT], /log ".*none": there is no such file\. Name a file that exists/],
  ['a directory', [directory, ...OUT], /log ".*": is a directory\. Name a file/],
  ['2 GB', [sparse('large.jsonl', 2 ** 31), ...OUT], /large\.jsonl": is larger than 256 MB\. Name a file/],
  ['empty', [file('empty.jsonl', ''), ...OUT], /empty\.jsonl": is no event log: .*\. Give a file that/],
  ['binary', [file('binary', Buffer.from([0, 255, 10, 13, 128, 10])), ...OUT], /binary": is no event log/],
  ['JSON of something else', [file('else.json', { a: 1 }), ...OUT], /else\.json": is no event log/],
  [
    'another version',
    [file('later.jsonl', eventLogText().replace('"schema":1', '"schema":2')), ...OUT],
    /has schema 2; this version reads 1\. Read it with the version that wrote it, dr 1\.2\.3/,
  ],
  [
    'changed events',
    [file('changed.jsonl', changed), ...OUT],
    /was changed after it was written: its SHA-256 is another/,
  ],
  [
    'a line of no event',
    [file('line.jsonl', `${eventLogText().split('\n')[0]}\nnothing\n`), ...OUT],
    /line\.jsonl", line 2: is no JSON object/,
  ],
  [
    'figures of one run',
    [file('figures.json', { schema: 1, passed: true, eventLogHash: 'ab' }), ...OUT],
    /figures\.json": has the figures of one run, and not its events\. Give a log/,
  ],
  [
    'a page of something else',
    [file('page.html', '<!doctype html><p>x</p>'), ...OUT],
    /page\.html": is a page that holds no report of dr, or was cut off/,
  ],
  [
    'a search of another version',
    [file('search-2.json', { ...SEARCH_RESULT, schema: 2 }), ...OUT],
    /search-2\.json": has schema 2; this version reads 1/,
  ],
  [
    'a search with a hole',
    [file('hole.json', { ...SEARCH_RESULT, search: { schedules: 1 } }), ...OUT],
    /hole\.json": search\.firstSeed: .*\. Give the file as it was written/,
  ],
  ['a game day with a hole', [file('day.json', { ...GAME_DAY, twin: null }), ...OUT], /day\.json": twin: /],
  [
    'different regions',
    [log, elsewhere, ...OUT],
    /log "log\.jsonl" beside elsewhere\.jsonl: they are of different regions, mumbai \(ap-south-1\), singapore .* and .*tokyo .*\. Give two runs of the same regions/,
  ],
  [
    'a search beside a log',
    [search, log, ...OUT],
    /the result of many runs: cannot stand beside another file\. Give each alone/,
  ],
  ['two game days', [gameDay, gameDay, ...OUT], /two game days: cannot stand beside another file\. Give each alone/],
  [
    'a game day of another fault',
    [log, gameDay, ...OUT],
    /game day "dr-game-day.*" beside log "log\.jsonl": it is of alb-dark in mumbai, and the log of no fault\. Give the log that this writes: .*drill --region mumbai --fault alb-dark --events/,
  ],
  ['three logs', [log, log, log, ...OUT], /3 files: are more than a page compares\. Give one/],
  [
    'out: a folder',
    [log, '--out', at('folder')],
    /--out ".*folder": is not a place to write a file: it is a directory\. Name a file in it/,
  ],
  [
    'out: in no folder',
    [log, '--out', at('none/out.html')],
    /--out ".*": is not a place to write a file: there is no directory ".*none"\. Name a file in a directory/,
  ],
  ['out: empty', [log, '--out', ''], /--out "": is not a place to write a file/],
  [
    'out: ends in .json',
    [log, '--out', at('out.json')],
    /out\.json": is no name for a page.*\. Name a file that ends in \.html/,
  ],
  [
    "out: its JSON is somebody else's",
    [log, '--out', at('taken.html')],
    /would put its JSON in the place of ".*taken\.json", which is no report\. Name another file/,
  ],
  [
    'out: in the place of the log',
    [log, '--out', log],
    /--out ".*log\.jsonl": would take the place of ".*log\.jsonl"\. Name another file/,
  ],
];

test.each(BAD)('%s', async (_, argv, message) => {
  const before = readdirSync(directory).sort();
  const { code, out, err } = await dr('report', ...argv);
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(readdirSync(directory).sort()).toEqual(before);
});

/** Everything is refused before anything is synthesized, which would throw here. */
const OF_A_DRILL: readonly [string, readonly string[], RegExp][] = [
  [
    'compare: no log',
    ['--compare', gameDay],
    /log ".*game-day\.json": is the record of a game day, and has no events\. Give a log that/,
  ],
  [
    'compare: other regions',
    ['--compare', elsewhere],
    /log "elsewhere\.jsonl" beside this run: they are of different regions/,
  ],
  ['compare: 2 GB', ['--compare', at('large.jsonl')], /large\.jsonl": is larger than 256 MB/],
  [
    'report: in the place of the events',
    ['--events', at('x'), '--report', at('x')],
    /--report ".*x": would take the place of ".*x"\. Name another file/,
  ],
  [
    'report: its JSON in the place of the events',
    ['--events', at('y.json'), '--report', at('y.html')],
    /--report ".*y\.html": would put its JSON in the place of ".*y\.json"/,
  ],
  [
    'events: in the place of the former log',
    ['--events', log, '--compare', log],
    /--events ".*log\.jsonl": would take the place of ".*log\.jsonl"/,
  ],
  [
    'report: a folder',
    ['--report', at('folder')],
    /--report ".*folder": is not a place to write a file: it is a directory/,
  ],
  [
    'report: of a search, in no folder',
    ['--seeds', '3', '--report', at('none/x.html')],
    /there is no directory ".*none"/,
  ],
  [
    "report: of every fault, over somebody else's JSON",
    ['--faults', 'matrix', '--report', at('taken.html')],
    /which is no report\. Name another file, or move that one/,
  ],
];

test.each(OF_A_DRILL)('dr drill, %s', async (_, argv, message) => {
  const before = readdirSync(directory).sort();
  const { code, out, err } = await dr('drill', ...argv, '--json');
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(readdirSync(directory).sort()).toEqual(before);
});

test('a log that was cut in the middle of a line is shown as far as it goes', async () => {
  const cut = file('cut.jsonl', eventLogText().split('\n').slice(0, 3).join('\n').slice(0, -9));
  const { code, out } = await dr('report', cut, '--out', at('cut.html'));
  expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('INCOMPLETE  The log ends at 0.0') });
  expect(JSON.parse(readFileSync(at('cut.json'), 'utf8'))).toMatchObject({
    passed: null,
    run: { complete: false, eventsSha256: null },
  });
});

test('the log of a page is the log it was made of: it is compared as a log is', async () => {
  expect((await dr('report', log, '--out', at('former.html'))).code).toBe(0);
  const { code, out } = await dr('report', at('former.html'), log, '--out', at('both.html'), '--json');
  expect({ code, said: JSON.parse(out) as unknown }).toMatchObject({ code: 0, said: { passed: true, complete: true } });
  const both = JSON.parse(readFileSync(at('both.json'), 'utf8')) as { former: { name: string } };
  expect(both.former.name).toBe('former.html');
  expect(readLog(readFileSync(log, 'utf8'), 'log').end?.sha256).toBe(
    (JSON.parse(readFileSync(at('former.json'), 'utf8')) as { run: { eventsSha256: string } }).run.eventsSha256,
  );
  const page = readFileSync(at('former.html'), 'utf8');
  const torn = file('torn.html', page.slice(0, page.indexOf('data-log') + 200));
  expect((await dr('report', torn, ...OUT)).err).toMatch(
    /torn\.html": is a page that holds no report of dr, or was cut off/,
  );
  const wrong = file('wrong.html', page.replace(/(data-log="[^"]*">)..../, '$1AAAA'));
  expect((await dr('report', wrong, ...OUT)).err).toMatch(/wrong\.html": holds a log that cannot be unpacked/);
  const figures = await dr('report', at('former.json'), ...OUT);
  expect(figures.err).toMatch(
    /former\.json": has the figures of one run, and not its events\. Give a log .* or the HTML/,
  );
});

test.each([
  ['a search and a table of faults', search, { of: 'drills', drills: SEARCH_RESULT }, 1],
  ['a game day', gameDay, { of: 'game-day', gameDay: GAME_DAY }, 0],
])('%s: what is in the page is what stands beside it, and can be given again', async (_, path, expected, exit) => {
  const out = at(`${expected.of}-report.html`);
  expect((await dr('report', path, '--out', out)).code).toBe(exit);
  const beside = readFileSync(out.replace('.html', '.json'), 'utf8');
  expect(beside.startsWith(REPORT_JSON_BEGINS)).toBe(true);
  const report = JSON.parse(beside) as object;
  expect(report).toMatchObject(expected);
  expect(departures(report, REPORT_FILES['FILE.json beside a report'])).toEqual([]);
  const [, inPage = ''] = /id="report">(.*)<\/script>/.exec(readFileSync(out, 'utf8')) ?? [];
  expect(JSON.parse(inPage)).toEqual(report);
  for (const again of [out, out.replace('.html', '.json')]) {
    expect((await dr('report', again, '--out', at('again.html'))).code).toBe(exit);
    expect(JSON.parse(readFileSync(at('again.json'), 'utf8'))).toEqual(report);
  }
});

test.each([
  ['kept the objective', GAME_DAY, 0, null, { tag: 'Passed', reasons: [] }],
  [
    'missed it',
    { ...GAME_DAY, passed: false, reasons: ['the worst client was late'] },
    1,
    false,
    { tag: 'Failed', reasons: ['game day: the worst client was late'] },
  ],
])('a game day beside the log of the same fault: AWS that %s', async (_, record, exit, passed, said) => {
  const fault = { kind: 'alb-dark', region: 'mumbai', startSeconds: 60, durationSeconds: 300 } as const;
  const drill = file('alb-dark.jsonl', eventLogText({ faults: [fault] }));
  const day = file('day-beside.json', record);
  expect((await dr('report', day, drill, '--out', at('beside.html'))).code).toBe(exit);
  const report = JSON.parse(readFileSync(at('beside.json'), 'utf8')) as { headline: string };
  expect(report).toMatchObject({ passed: passed ?? true, ...said, gameDay: record });
  expect(report.headline).toMatch(
    / On AWS, on 2026-01-05, the worst client that honours the TTL and opens a new connection was without service for 43\.4\s?s\.$/,
  );
  expect(readFileSync(at('beside.html'), 'utf8')).toContain(report.headline);
});

test('a result of a version that recorded less is a report that says so', async () => {
  const { schema, passed, commit, search: found } = SEARCH_RESULT;
  const old = file('old.json', { schema, passed, commit, search: found });
  expect((await dr('report', old, '--out', at('old-report.html'))).code).toBe(1);
  expect(JSON.parse(readFileSync(at('old-report.json'), 'utf8'))).toMatchObject({
    provenance: { commit: 'abc1234', stackSha256: null, writtenAt: null },
    replay: null,
  });
});

test('a report goes to a device by itself', async () => {
  expect((await dr('report', log, '--out', '/dev/null')).code).toBe(0);
});

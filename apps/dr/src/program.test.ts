import { InputError } from '@dr/contracts';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { besideReport, checkWritable, samePlace, TemporaryDirectories, writeFile } from './adapters/files-adapter';
import { readTextFile } from './adapters/project-adapter';
import { SynthesisError, type Context } from './context';
import { runIn } from './testing/run-on';

const directory = mkdtempSync(join(tmpdir(), 'dr-program-test-'));
afterAll(() => rmSync(directory, { recursive: true }));

/** Everything that reaches the world is kept; synthesis is the last thing that bad input may reach. */
async function run(argv: readonly string[], overrides: Partial<Context> = {}) {
  const synthesized: (readonly string[])[] = [];
  const answer = await runIn(argv, {
    root: directory,
    version: '1.2.3',
    temporaryDirectory: () => directory,
    synthesize: (args) => {
      synthesized.push(args);
      return Promise.reject(new SynthesisError('synthesis was reached'));
    },
    writeFile,
    checkWritable,
    besideReport,
    samePlace,
    processes: { readFile: readTextFile, commit: () => 'abc1234' } as unknown as Context['processes'],
    ...overrides,
  });
  return { ...answer, synthesized };
}

const notJson = join(directory, 'not.json');
const notTerraform = join(directory, 'package.json');
writeFileSync(notJson, 'regions: two\n');
writeFileSync(notTerraform, '{"name":"x"}\n');

const badInput: readonly [readonly string[], RegExp][] = [
  [['drill', '--fault', 'meteor'], /--fault "meteor": no fault has that name\. Use one of region-dark, region-refuses/],
  [['drill', '--fault', 'region-drak'], /no fault has that name\. Did you mean region-dark\? Use one of region-dark,/],
  [['drill', '--region', 'singapor'], /Did you mean singapore\? Use one of mumbai, singapore/],
  [['drill', '--routing', 'latancy'], /Did you mean latency\? Use one of latency, weighted, failover/],
  [['drill', '--function', 'traffic-routre'], /Did you mean traffic-router\? Use one of/],
  [['evacuate', '--region', 'mumbia'], /Did you mean mumbai\? Use one of mumbai, singapore/],
  [['gameday', '--region', 'mumbai', '--fault', 'alb-drak'], /Did you mean alb-dark\? Use one of/],
  [['drill', '--region', 'pune'], /--region "pune": .* Use one of mumbai, singapore/],
  [['drill', '--function', 'nothing'], /Use one of health-checker, traffic-router/],
  [['drill', '--fault', 'dns-empty', '--service', 's3'], /--service "s3": is no endpoint.*Use one of dynamodb, lambda/],
  [['drill', '--fault', 'zone-dark', '--zones', '0'], /--zones 0: is no number of zones.* from 1 to 6/],
  [['drill', '--zones', '2'], /--zones: means nothing for that fault\. Leave it out; it is for zone-dark/],
  [
    ['drill', '--faults', 'matrix', '--service', 'sns'],
    /--service with --faults matrix: is for the drill of one fault/,
  ],
  [['drill', '--routing', 'random'], /--routing "random": is not known\. Use one of latency, weighted, failover/],
  [['drill', '--seed', '1.5'], /--seed "1.5": is not a seed/],
  [['drill', '--duration', 'long'], /--duration "long": is not a number/],
  [['drill', '--duration', '-1'], /--duration -1: is out of range/],
  [['drill', '--clients', '1.5'], /--clients 1\.5: is out of range\. Give a whole number from 1 to 5000/],
  [
    ['drill', '--fault', 'region-dark', '--function', 'traffic-router'],
    /--function with --fault region-dark: is ignored by that fault\. Leave it out; it is for lambda-errors/,
  ],
  [['drill', '--rto', '-5', '--stack', notTerraform], /--rto -5: is out of range\. Give seconds above 0, up to 3600/],
  [['drill', '--shrink', '3'], /--shrink with the drill of one fault: is for a search\. Leave --shrink out/],
  [['drill', '--stop-after', '3'], /--stop-after with the drill of one fault: is for a search/],
  [['drill', '--jobs', '3'], /--jobs with the drill of one fault: is for a search and for the table of faults/],
  [['drill', '--first-start', '--fault', 'region-dark'], /--fault with --first-start: is for the drill of one fault/],
  [['drill', '--events', ''], /--events "": is not a place to write a file/],
  [['drill', '--rto', ''], /--rto "": is not a number/],
  [['drill', '--stack', join(directory, 'none.json')], /none\.json": there is no such file/],
  [['drill', '--stack', notJson], /not\.json": is not JSON/],
  [['drill', '--stack', notTerraform], /is JSON but not a Terraform configuration/],
  [['drill', '--events', join(directory, 'none', 'log')], /--events ".*log": is not a place to write a file/],
  [['drill', '--sed', '1'], /unknown option '--sed'.* Run "npm run -s dr -- drill --help"/],
  [['drill', 'mumbai'], /too many arguments/],
  [['dril'], /unknown command 'dril'.* Run "npm run -s dr -- --help"/],
  [['chaos', 'test-failover'], /'--region <name>' not specified\. Run "npm run -s dr -- chaos test-failover --help"/],
  [['drill', '--seed'], /argument missing/],
];
test.each(badInput)('fails with 2 and one paragraph for %j, and writes nothing', async (argv, message) => {
  const before = readdirSync(directory);
  const { code, out, err, synthesized } = await run([
    ...argv.slice(0, 1),
    ...(argv[0] === 'drill' ? ['--json'] : []),
    ...argv.slice(1),
  ]);
  expect(err).toMatch(message);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect({ code, out, synthesized }).toEqual({ code: 2, out: '', synthesized: [] });
  expect(readdirSync(directory)).toEqual(before);
});

test('fails with 2 and the paragraph of the synthesis when that refuses', async () => {
  const { code, err, synthesized } = await run(['drill', '--rto', '10', '--routing', 'weighted']);
  expect({ code, err }).toEqual({ code: 2, err: 'synthesis was reached\n' });
  expect(synthesized).toEqual([['--routing', 'weighted', '--rto', '10']]);
});

test('fails with 2 for a config that is not valid', async () => {
  const { code, err } = await run(['drill'], {
    config: () => {
      throw new InputError('dr.config.ts: regions', 'needs two', 'Add one');
    },
  });
  expect({ code, err }).toEqual({ code: 2, err: 'dr.config.ts: regions: needs two. Add one\n' });
});

test('fails with 70 and a stack trace for a defect, which is not the same as bad input', async () => {
  const { code, err } = await run(['drill'], { synthesize: () => Promise.reject(new TypeError('oops')) });
  expect(code).toBe(70);
  expect(err).toContain('TypeError: oops\n    at ');
});

test.each([
  ['--version'],
  ['drill', '--version'],
  ['keys', 'rotate', '--version'],
  ['chaos', 'test-failover', '--version'],
])('the version is an answer: %j', async (...argv) => {
  expect(await run(argv)).toMatchObject({ code: 0, out: '1.2.3\n', err: '' });
});

test.each([
  ['drill', '--seed', '1', '--seed', '2'],
  ['drill', '--region=mumbai', '--region', 'mumbai'],
  ['drill', '--rto', '60', '--stack', 'a', '--rto', '60'],
  ['cost', '--stack', 'a', '--stack', 'a'],
  ['plan-check', '--plan', 'a', '--plan', 'b'],
  ['keys', 'rotate', '--target', 'twin', '--target', 'aws'],
  ['evacuate', '--region', 'mumbai', '--region', 'singapore'],
  ['gameday', '--region', 'mumbai', '--duration', '60', '--duration', '600'],
  ['chaos', 'simulate-failure', '--duration', '1', '--duration', '2', '--region', 'mumbai'],
])('fails with 2 on an option that takes one value and is given twice: %s %s', async (...argv) => {
  const { code, out, err } = await run(argv);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^--[a-z]+: is given twice, and takes one value\. Give it once\n$/);
});

test('what the system refuses is no defect', async () => {
  const full = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' });
  expect(await run(['drill'], { synthesize: () => Promise.reject(full) })).toMatchObject({
    code: 2,
    err: 'output: no space is left on the disk (ENOSPC). Make room, then run it again\n',
  });
});

test('help is an answer; no command at all is not', async () => {
  expect(await run(['drill', '--help'])).toMatchObject({ code: 0, err: '', out: expect.stringContaining('--routing') });
  expect(await run([])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('drill') });
  expect(await run(['keys'])).toMatchObject({ code: 2, out: '', err: expect.stringContaining('rotate') });
});

test('a file is written whole, and nothing is left beside it when it cannot be', () => {
  const target = join(directory, 'events.jsonl');
  writeFile(target, ['a\n', 'b\n']);
  expect(readFileSync(target, 'utf8')).toBe('a\nb\n');
  const before = readdirSync(directory);
  const interrupted = function* () {
    yield 'c\n';
    throw new Error('no more');
  };
  expect(() => writeFile(target, interrupted())).toThrow('no more');
  expect(readFileSync(target, 'utf8')).toBe('a\nb\n');
  expect(readdirSync(directory)).toEqual(before);
});

test('a link stays one, and a device is written to rather than replaced', () => {
  const [target, link, device] = ['target.jsonl', 'link.jsonl', 'device'].map((name) => join(directory, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(target, 'old\n');
  symlinkSync(target, link);
  writeFile(link, ['new\n']);
  expect(readFileSync(target, 'utf8')).toBe('new\n');
  symlinkSync('/dev/null', device);
  writeFile(device, ['gone\n']);
  expect(statSync(device).isCharacterDevice()).toBe(true);
});

test('temporary directories are gone after removeAll, with all that is in them', () => {
  const directories = new TemporaryDirectories();
  const made = directories.make();
  writeFileSync(join(made, 'x'), 'x');
  directories.removeAll();
  expect(() => readdirSync(made)).toThrow(/ENOENT/);
});

test.each([
  ['help drill', 'drill --help'],
  ['--help drill', '--help'],
])('%s prints what %s prints, though a command is loaded only where it is named', async (asked, same) => {
  const answer = await run(asked.split(' '));
  expect(answer).toEqual(await run(same.split(' ')));
  expect(answer).toMatchObject({ code: 0, err: '' });
});

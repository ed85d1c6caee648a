// The harness, as its scripts run: whose CPU counts, and whose turn it is.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

const ROOT = resolve(__dirname, '../..');
const scratch = mkdtempSync(join(tmpdir(), 'dr-bench-test-'));
afterAll(() => rmSync(scratch, { recursive: true }));
const told = (script: string): unknown =>
  JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: ROOT, encoding: 'utf8' }));

/** Until that much of its own CPU is used, however long that takes. */
const BURN =
  'const used = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; }; const burn = (ms) => { while (used() < ms); };';
const MEASURED = "import { measured } from './bench/harness/processes.mjs';";
const measuredOf = (program: string): { cpuMs: number; wallMs: number; stdout: string } =>
  told(
    `${MEASURED} console.log(JSON.stringify(await measured(process.execPath, ['-e', ${JSON.stringify(program)}])));`,
  ) as never;

describe('the CPU of a command', () => {
  test('is that of its processes, also of one that ends after it', () => {
    const child = JSON.stringify(`${BURN} console.log('begun'); burn(400);`);
    const leaves = `${BURN} burn(300); require('node:child_process').spawn(process.execPath, ['-e', ${child}]).stdout.once('data', () => process.exit());`;
    expect(measuredOf(leaves).cpuMs).toBeGreaterThan(700);
  });

  test('is not that of workers twice', () => {
    const works = `${BURN} burn(1000); new (require('node:worker_threads').Worker)('0', { eval: true });`;
    const { cpuMs } = measuredOf(works);
    expect(cpuMs).toBeGreaterThan(1000);
    expect(cpuMs).toBeLessThan(2000);
  });

  test('comes with what it prints', () => expect(measuredOf('console.log("seen")').stdout).toBe('seen\n'));
});

test('a command that fails is an error with what it said', () => {
  const failing = `['-e', 'console.error("no such thing"); process.exit(3)']`;
  expect(
    told(
      `${MEASURED} await measured(process.execPath, ${failing}).catch(({ message }) => console.log(JSON.stringify(message)));`,
    ),
  ).toMatch(/ ended with 3: no such thing$/);
});

test('what is measured ends with the bench', async () => {
  const pid = Number(
    told(`${MEASURED}
      import { existsSync, readFileSync } from 'node:fs';
      import { setTimeout as pause } from 'node:timers/promises';
      const file = ${JSON.stringify(join(scratch, 'pid'))};
      const waits = 'require("node:fs").writeFileSync(process.argv[1], String(process.pid)); setInterval(() => {}, 1000)';
      void measured(process.execPath, ['-e', waits, file]);
      while (!existsSync(file) || readFileSync(file, 'utf8') === '') await pause(10);
      console.log(readFileSync(file, 'utf8'));
      process.exit(0);`),
  );
  const isAlive = (): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };
  while (isAlive()) await pause(10);
});

const RUNNER = [
  "import { inTurn } from './bench/harness/context.mjs';",
  "import { runCases, runPairs } from './bench/harness/runner.mjs';",
  'const order = [];',
  'const side = (name) => () => { order.push(name); return { cpuMs: order.length, stdout: "kept out" }; };',
].join('\n');

test('each turn begins with another side, and only figures are kept', () => {
  expect(
    told(`${RUNNER}
      const cases = await runCases([inTurn('', { a: side('a'), b: side('b') })], 2, () => undefined);
      console.log(JSON.stringify({ order, cases }));`),
  ).toEqual({
    order: ['a', 'b', 'b', 'a'],
    cases: [
      {
        name: '',
        sides: [
          { name: 'a', runs: [{ cpuMs: 1 }, { cpuMs: 4 }] },
          { name: 'b', runs: [{ cpuMs: 2 }, { cpuMs: 3 }] },
        ],
      },
    ],
  });
});

test('two commits take turns with what is judged alone, in the cases that both have', () => {
  expect(
    told(`${RUNNER}
      const of = (commit) => ['x', commit].map((name) => inTurn(name, { [name + commit]: side(name + commit), peer: side('peer') }));
      const pairs = await runPairs(of('head'), of('base'), 2, () => undefined);
      console.log(JSON.stringify({ order, names: pairs.map(({ name }) => name) }));`),
  ).toEqual({ order: ['xhead', 'xbase', 'xbase', 'xhead'], names: ['x'] });
});

// What each shell offers at the end of a command line: asked of the shell itself where it is installed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROUTINGS } from '@dr/contracts';
import { completionScript, SHELLS, type Shell } from '.';
import { DEFINITIONS } from '../../commands/completion';
import { programOf } from '../../whole-program';
import { runIn } from '../../testing/run-on';
import { isInstalled, offeredBy } from '../../testing/shells';
import { pathOf, withSubcommands } from '../manual';

const directory = mkdtempSync(join(tmpdir(), 'dr-completion-test-'));
const files = ['events.jsonl', 'events of May.jsonl'];
beforeAll(() => files.forEach((name) => writeFileSync(join(directory, name), '')));
afterAll(() => rmSync(directory, { recursive: true }));

const program = programOf(() => undefined, 80);
const commands = withSubcommands(program).filter((command) => command !== program);

/** What is typed -> exactly what is offered. */
const EXACTLY: Readonly<Record<string, readonly string[]>> = {
  'dr dri': ['drill'],
  'dr chaos test': ['test-failover'],
  'dr drill --routing ': ROUTINGS,
  'dr init --routing w': ['weighted'],
  'dr gameday --fault ': ['alb-dark', 'lambda-throttled', 'network'],
  'dr drill --seed ': [],
  'dr chaos test-failover --region x --target a': ['aws'],
  'dr drill --stack eve': files,
  'dr report eve': files,
  'dr report events.jsonl eve': files,
  'dr nothing --': ['--version', '--help'],
};
/** What is typed -> some of what is offered. */
const AMONG: Readonly<Record<string, readonly string[]>> = {
  'dr ': program.commands.map((one) => one.name()),
  'dr completion ': SHELLS,
  'dr drill --fault region-': ['region-dark', 'region-refuses'],
  ...Object.fromEntries(commands.map((command) => [`dr ${pathOf(command)} --`, optionsOf(command)])),
};

function optionsOf({ options }: (typeof commands)[number]): string[] {
  return [...options.flatMap(({ long }) => long ?? []), '--help'];
}

async function offersOf(shell: Shell, lines: readonly string[]): Promise<Readonly<Record<string, readonly string[]>>> {
  const script = join(directory, `.dr.${shell}`);
  writeFileSync(script, (await runIn(['completion', shell], {})).out);
  const offered = offeredBy(shell, { script, definition: DEFINITIONS[shell], directory, lines });
  return Object.fromEntries(lines.map((line, index) => [line, offered[index]?.sort() ?? []]));
}

const sorted = (offers: Readonly<Record<string, readonly string[]>>) =>
  Object.fromEntries(Object.entries(offers).map(([line, words]) => [line, [...words].sort()]));

for (const shell of SHELLS) {
  if (isInstalled(shell)) {
    test(`${shell} offers every command, every option of it, the values that an option takes, and files`, async () => {
      expect(await offersOf(shell, Object.keys(EXACTLY))).toEqual(sorted(EXACTLY));
      const offered = await offersOf(shell, Object.keys(AMONG));
      for (const [line, words] of Object.entries(AMONG))
        expect([line, offered[line]]).toEqual([line, expect.arrayContaining([...words])]);
    }, 120_000);
  } else {
    test(`${shell}, which is not installed here: every command and option is in the text of its script`, () => {
      const text = completionScript(shell, program);
      for (const command of commands) {
        expect(text).toContain(`' ${pathOf(command)}'`);
        for (const option of optionsOf(command))
          expect(text).toContain(shell === 'fish' ? `-l ${option.slice(2)} ` : option);
      }
    });
  }
}

test('another shell is bad input', async () => {
  const { code, out, err } = await runIn(['completion', 'tcsh'], {});
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/'tcsh' is invalid .* bash, zsh, fish\. Run /);
});

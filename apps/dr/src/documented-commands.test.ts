// What README and the pages under docs/ tell people to type exists: each command with its options, each script.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { programOf } from './whole-program';

const root = join(__dirname, '../../..');
const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  scripts: Record<string, string>;
};
/** docs/cli.md is made from the commands themselves. */
const pages = [
  'README.md',
  'CONTRIBUTING.md',
  ...readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).map((name) => join('docs', name)),
].filter((name) => name.endsWith('.md') && name !== join('docs', 'cli.md'));

const program = (): Command => programOf(() => undefined, 80);
const wordsOf = (text: string): string[] =>
  [...text.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
/** `<region>`, `FILE` and the like stand for a value, and `...` for more. */
const PLACEHOLDER = /<[\w-]+>|\b[A-Z]+\b|\.\.\./;

/** Why this is no command line of `dr`; undefined when it is one. */
async function wrongWith(text: string): Promise<string | undefined> {
  const words = wordsOf(text);
  let command = program();
  let at = 0;
  for (; at < words.length; at += 1) {
    const next = command.commands.find((one) => one.name() === words[at]);
    if (!next) break;
    command = next;
  }
  const next = words[at] ?? '--';
  if (command.commands.length > 0 && !next.startsWith('-') && !PLACEHOLDER.test(next))
    return `there is no command ${[...words.slice(0, at), next].join(' ')}`;
  const known = [...command.options.map(({ long }) => long), '--help', ...(at === 0 ? ['--version'] : [])];
  const unknown = words.slice(at).find((word) => word.startsWith('--') && !known.includes(word.replace(/=.*/, '')));
  if (unknown !== undefined) return `${command.name()} has no option ${unknown}`;
  return undefined;
}

/** The same, and every value is one that the command takes. A command alone is a name for it. */
async function wrongInFull(text: string): Promise<string | undefined> {
  const wrong = await wrongWith(text);
  if (wrong !== undefined || PLACEHOLDER.test(text) || /--(help|version)$|^[a-z-]+$/.test(text)) return wrong;
  const asked: unknown[] = [];
  try {
    await programOf((run) => asked.push(run), 80, { writeErr: () => undefined }).parseAsync(wordsOf(text), {
      from: 'user',
    });
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return asked.length === 1 ? undefined : 'it asks for nothing';
}

interface Mention {
  readonly page: string;
  readonly text: string;
}

const mentions = (pattern: RegExp): Mention[] =>
  pages.flatMap((page) =>
    [...readFileSync(join(root, page), 'utf8').matchAll(pattern)].map(([, text = '']) => ({ page, text: text.trim() })),
  );

async function wrongOnes(found: readonly Mention[], check: typeof wrongWith): Promise<string[]> {
  const wrong: string[] = [];
  for (const { page, text } of found) {
    const why = await check(text);
    if (why !== undefined) wrong.push(`${page}: ${text}: ${why}`);
  }
  return wrong;
}

test('every command line that is shown in full is one that the command line takes', async () => {
  const found = mentions(/npm run -s dr -- ([^`\n#|>]+)/g);
  expect(found.length).toBeGreaterThan(50);
  expect(await wrongOnes(found, wrongInFull)).toEqual([]);
});

test('every command that is named has that name and those options', async () => {
  const found = mentions(/`dr ([a-z-][^`]*)`/g);
  expect(found.length).toBeGreaterThan(30);
  expect(await wrongOnes(found, wrongWith)).toEqual([]);
});

test('every script that is named exists', () => {
  const named = mentions(/npm run (?:-s |--silent )?([a-z][\w-]*)/g).filter(({ text }) => scripts[text] === undefined);
  const files = mentions(/node (scripts\/[\w-]+\.mjs)/g).filter(({ text }) => !existsSync(join(root, text)));
  expect([...named, ...files].map(({ page, text }) => `${page}: ${text}`)).toEqual([]);
});

test('what the image is told to run is a command line, too', async () => {
  const directory = join(root, 'deploy');
  const found = readdirSync(directory).flatMap((page) => {
    const text = readFileSync(join(directory, page), 'utf8');
    if (!page.endsWith('.json'))
      return [...text.matchAll(/^ +- dr ([^|\n]+)/gm)].map(([, line = '']) => ({ page, text: line.trim() }));
    const { containerProperties } = JSON.parse(text) as { containerProperties: { command: readonly string[] } };
    return [{ page, text: containerProperties.command.join(' ') }];
  });
  expect(found).toHaveLength(3);
  expect(await wrongOnes(found, wrongInFull)).toEqual([]);
});

test.each([
  ['drill --speed 3', 'drill has no option --speed'],
  ['keys turn', 'there is no command keys turn'],
  ['dril', 'there is no command dril'],
  ['evacuate --region mumbai', undefined],
])('a command that is not there is found: %s', async (text, why) => {
  expect(await wrongWith(text)).toBe(why);
});

test.each(['drill --seed x', 'drill --routing sideways', 'report events.jsonl'])('so is a value: %s', async (text) => {
  expect(await wrongInFull(text)).toEqual(expect.any(String));
});

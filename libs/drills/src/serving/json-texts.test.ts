// JSON that stands as text in a stack: policies, peers, patterns, queues. Whatever it says, a drill refuses it by name or begins.
import { InputError } from '@dr/contracts';
import { parseStack } from '@dr/terraform-json';
import * as fc from 'fast-check';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startOurs } from '../systems/ours';
import { synthesizeInto } from '../testing/synthesized-stack';
import { at, told, type Stack } from './testing/plant';

const out = mkdtempSync(join(tmpdir(), 'dr-json-texts-'));
afterAll(() => rmSync(out, { recursive: true }));
const file = synthesizeInto(out, []);
const sound = readFileSync(file, 'utf8');

type Path = readonly (string | number)[];

const inside = (value: unknown): value is Record<string | number, unknown> =>
  typeof value === 'object' && value !== null;

/** Where texts stand that are JSON. */
function textsIn(value: unknown, path: Path = []): Path[] {
  if (path.at(-1) === '//') return [];
  if (typeof value === 'string') return /^[[{]/.test(value) && isJson(value) ? [path] : [];
  return inside(value) ? Object.entries(value).flatMap(([key, one]) => textsIn(one, [...path, key])) : [];
}
const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Everywhere in the value, itself first. */
const placesIn = (value: unknown, path: Path = []): Path[] => [
  path,
  ...(inside(value) ? Object.entries(value).flatMap(([key, one]) => placesIn(one, [...path, key])) : []),
];

/** The value with another one in that place. */
function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

const found = (value: unknown, path: Path): unknown =>
  path.reduce<unknown>((one, key) => (one as Record<string, unknown>)[key], value);

/** What refuses to begin, in words; undefined: the drill begins. Any other error is a defect of ours. */
async function refusal(stack: unknown): Promise<string | undefined> {
  try {
    await startOurs({ graph: parseStack(stack, dirname(file)), seed: 1 });
    return undefined;
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
}

const TEXTS = textsIn((JSON.parse(sound) as Stack).resource).map((path): Path => ['resource', ...path]);
const WEIRD = [null, 1, '', 'x', true, [], {}, [null], [{}], [[]], { host: null }];

test('whatever JSON inside a text says, the stack is refused by name or the drill begins', async () => {
  expect(TEXTS.length).toBeGreaterThan(20);
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...TEXTS),
      fc.nat(1_000),
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom<unknown>(...WEIRD) },
        { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
      ),
      async (path, place, value) => {
        const stack = JSON.parse(sound) as Stack;
        const text = JSON.parse(found(stack, path) as string) as unknown;
        const places = placesIn(text);
        const changed = replaced(text, places[place % places.length] ?? [], value);
        expect(typeof (await refusal(replaced(stack, path, JSON.stringify(changed))))).toMatch(/string|undefined/);
      },
    ),
    { numRuns: 150 },
  );
}, 240_000);

const CHECKER = 'aws_lambda_function.mumbai_health_checker';
const peers = (text: string) => told(CHECKER, { DR_PEERS: text });
const of = (type: string, name: string, value: unknown) => (stack: Stack) => {
  const address = Object.keys(stack.resource[type] ?? {})[0] ?? '';
  at(stack, `${type}.${address}`)[name] = value;
};

test.each<[string, (stack: Stack) => void, RegExp]>([
  ...['[null]', '[{}]', '[[]]', '[{"host":null}]', '[1]', '{}', 'null', 'x'].map(
    (text): [string, (stack: Stack) => void, RegExp] => [`peers ${text}`, peers(text), /DR_PEERS/],
  ),
  ['a policy without statements', of('aws_iam_role_policy', 'policy', '{"Statement":null}'), /policy of .*is null/],
  ['a policy of nothing', of('aws_iam_role_policy', 'policy', 'null'), /policy of .*it has no Statement/],
  [
    'a condition that is none',
    of('aws_iam_role_policy', 'policy', '{"Statement":{"Effect":"Allow","Condition":{"Bool":null}}}'),
    /policy of .*Bool is null/,
  ],
  ['no queue', of('aws_sns_topic_subscription', 'redrive_policy', 'null'), /redrive_policy "null": names no queue/],
  ['a queue of no JSON', of('aws_sns_topic_subscription', 'redrive_policy', 'x'), /redrive_policy "x": names no queue/],
])('%s is refused by name', async (_, plant, why) => {
  const stack = JSON.parse(sound) as Stack;
  plant(stack);
  expect(await refusal(stack)).toMatch(why);
});

// What a team says of its own system that Terraform does not: its requests, what a right answer is, where data lives, what code runs.
import { InputError, WORST_CLIENT } from '@dr/contracts';
import * as z from 'zod';
import { KEY, placeholdersIn, VERSION } from './patterns';

const text = z.string().min(1, 'must not be empty');
const seconds = z.number().positive().max(3_600);
const pattern = text.refine((given) => placeholdersIn(given).every((name) => name === KEY || name === VERSION), {
  message: 'has a placeholder that is neither {key} nor {version}',
});
const headerName = z.string().regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header');

const answer = z.strictObject({
  statuses: z
    .array(z.number().int().min(100).max(599))
    .min(1)
    .default([200, 201, 202, 204])
    .describe('HTTP statuses of a right answer; one from 300 on is right, and has done nothing'),
  body: z
    .record(text, pattern)
    .default({})
    .describe(
      'what a right answer with a status below 300 holds: path in its JSON, as order.revision -> text. {key} is the key that was asked for, {version} the version that was written or found',
    ),
});

const request = z.strictObject({
  does: z.enum(['read', 'write']).describe('what it does to the data'),
  share: z.number().positive().max(1_000_000).default(1).describe('how often it is sent, against the others'),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH']).describe('of a read GET, of a write any other'),
  path: pattern.startsWith('/', 'must begin with /').describe('with {key} and {version} where those stand'),
  headers: z.record(headerName, pattern).default({}).describe('beside host and content-type'),
  body: z.json().optional().describe('a text, or JSON that is sent as such; its texts may hold {key} and {version}'),
  answer: answer.prefault({}).describe('what a right answer is'),
});

const data = z.strictObject({
  table: text.describe('the DynamoDB table that clients write to: its address in Terraform, or its name'),
  mode: z
    .enum(['append', 'register'])
    .describe('append: every write stays as an item of its own; register: an item holds what was written last'),
  item: z
    .record(text, pattern)
    .describe('how key and version stand in an item: attribute -> text with {key} or {version}, each in one of them'),
});

const code = z.strictObject({
  bundle: text.describe('a CommonJS file, or the zip file that is uploaded; from the folder of this file'),
  handler: z
    .string()
    .regex(/^[^.]+(\.[^.]+)*\.[^.]+$/, 'must be FILE.EXPORT')
    .default('index.handler')
    .describe('as in Terraform: file and export'),
  environment: z
    .record(text, z.string())
    .default({})
    .describe('environment variables beside those of Terraform, and in the place of those'),
});

export const declarationSchema = z
  .strictObject({
    $schema: z.string().optional().describe('where this schema is, for editors'),
    name: text.optional().describe('public name that clients ask for; may be left out where the stack has one'),
    objectives: z.strictObject({
      rtoSeconds: seconds.describe(`time without service of the ${WORST_CLIENT}`),
      rpoSeconds: seconds.optional().describe('age of the oldest write that a loss puts at risk; needed with data'),
      lostUpdates: z
        .number()
        .int()
        .min(0)
        .optional()
        .describe('writes that others may undo without having seen them; left out: they are counted, and nothing more'),
    }),
    functions: z
      .record(text, code)
      .describe(
        'functions that are run, by address in Terraform or by function_name, which may stand for one in each region',
      ),
    data: data.optional().describe('where what clients write is kept; needed with a request that writes'),
    keys: z
      .strictObject({
        format: z
          .string()
          .includes('{number}', { message: 'must hold {number}' })
          .default('key-{number}')
          .describe('a key, with {number} where it is counted'),
        count: z.number().int().min(1).max(10_000).default(20).describe('how many keys all clients share'),
      })
      .prefault({})
      .describe('what clients ask for'),
    requests: z.array(request).min(1).describe('what clients send'),
  })
  .describe('A system of your own, for dr drill --system');

export type Declaration = z.output<typeof declarationSchema>;
export type DeclaredRequest = Declaration['requests'][number];

/** JSON Schema 2020-12 of the file. */
export const declarationJsonSchema = (): object => z.toJSONSchema(declarationSchema, { io: 'input' });

/** `name` is what errors call the text. Throws InputError that names the key, what is wrong and what to do. */
export function parseDeclaration(text: string, name: string): Declaration {
  const value = jsonIn(text, name);
  const read = declarationSchema.safeParse(value);
  if (!read.success) {
    const { issues } = read.error;
    // A key that is misspelt is missing as well: the first says more.
    throw refused(
      (issues.find(({ code }) => code === 'unrecognized_keys') ?? issues[0]) as z.core.$ZodIssue,
      value,
      name,
    );
  }
  crossCheck(read.data, name);
  return read.data;
}

function jsonIn(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (cause) {
    throw new InputError(name, `is not JSON: ${(cause as Error).message}`, 'Correct the file', { cause });
  }
}

/** `requests[0].answer.statuses` */
const pathOf = (path: readonly PropertyKey[]): string =>
  path.map((key, at) => (typeof key === 'number' ? `[${key}]` : `${at === 0 ? '' : '.'}${String(key)}`)).join('');

function refused(issue: z.core.$ZodIssue, value: unknown, name: string): InputError {
  const path = pathOf(issue.path);
  if (issue.code === 'unrecognized_keys') {
    const where = path === '' ? '' : `${path}: `;
    const what = `${name}: ${where}unknown key "${issue.keys.join('", "')}"`;
    return new InputError(what, 'nothing has that name here', `Allowed: ${keysAt(issue.path).join(', ')}`);
  }
  const given = issue.path.reduce<unknown>((at, key) => (at as Record<PropertyKey, unknown> | undefined)?.[key], value);
  const what = `${name}: ${path === '' ? 'the file' : path}`;
  const allowed = 'docs/system.schema.json says what may stand there';
  if (given === undefined) return new InputError(what, 'is missing', `Give it; ${allowed}`);
  const shown = JSON.stringify(given);
  const fix = `Correct it; ${allowed}`;
  return new InputError(`${what} ${shown.length > 100 ? `${shown.slice(0, 100)}...` : shown}`, issue.message, fix);
}

interface SchemaPart {
  readonly properties?: Readonly<Record<string, SchemaPart>>;
  readonly items?: SchemaPart;
  readonly additionalProperties?: SchemaPart;
}

function keysAt(path: readonly PropertyKey[]): readonly string[] {
  let at: SchemaPart | undefined = declarationJsonSchema() as SchemaPart;
  for (const key of path) at = at?.properties?.[String(key)] ?? at?.items ?? at?.additionalProperties;
  return Object.keys(at?.properties ?? {});
}

/** What must fit together. */
function crossCheck({ data: kept, objectives, requests, functions }: Declaration, name: string): void {
  const refuse = (where: string, why: string, fix: string): never => {
    throw new InputError(`${name}: ${where}`, why, fix);
  };
  if (Object.keys(functions).length === 0)
    refuse('functions', 'names none, so nothing would be run', 'Give the code of one, or leave out --system');
  requests.forEach(({ does, method, answer: { body }, ...parts }, at) => {
    const where = `requests[${at}]`;
    if ((does === 'read') !== (method === 'GET'))
      refuse(
        `${where}.method "${method}"`,
        `is not simulated for a ${does}`,
        'Let reads GET, and writes do anything else',
      );
    if (does === 'read') return;
    if (!kept) refuse(where, 'writes, and nothing says where', 'Give "data"');
    const sent = placeholdersIn(JSON.stringify([parts.path, parts.headers, parts.body ?? '']));
    const answered = Object.values(body).flatMap(placeholdersIn);
    if (![...sent, ...answered].includes(VERSION))
      refuse(where, 'writes a version that nobody knows', 'Put {version} into what is sent, or into answer.body');
    if (!sent.includes(KEY)) refuse(where, 'writes without a key', 'Put {key} into the path, a header or the body');
  });
  if (objectives.lostUpdates !== undefined && kept?.mode !== 'register')
    refuse('objectives.lostUpdates', 'is for a register, whose writes overwrite each other', 'Leave it out');
  if (!kept) return;
  if (!requests.some(({ does }) => does === 'write'))
    refuse('data', 'is given, and no request writes', 'Add such a request, or leave data out');
  if (objectives.rpoSeconds === undefined) refuse('objectives.rpoSeconds', 'is missing, and data is given', 'Give it');
  const standing = Object.values(kept.item).flatMap(placeholdersIn);
  for (const one of [KEY, VERSION])
    if (standing.filter((found) => found === one).length !== 1)
      refuse('data.item', `must hold {${one}} once`, 'Say in which attribute it stands');
}

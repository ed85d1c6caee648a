// Every command has a page: examples that the command line takes, exit codes, the shape of its JSON. Help holds its width.
import { programOf } from './whole-program';
import { departures, unseen } from './terminal/json-shape';
import { CALL } from './packaged';
import { pageOf, pathOf, withSubcommands } from './terminal/manual';
import { runIn } from './testing/run-on';

const commands = withSubcommands(programOf(() => undefined, 80));
const leaves = commands.filter((command) => command.commands.length === 0);
const argvOf = (text: string): string[] =>
  [...text.replace(/ [>|].*$/, '').matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);

test.each(commands.map((command) => [pathOf(command), command] as const))(
  'dr %s has examples that are its own',
  (path, command) => {
    const examples = pageOf(command)?.examples ?? [];
    expect(examples.length).toBeGreaterThan(0);
    for (const [args, does] of examples) {
      expect(args.startsWith(path)).toBe(true);
      expect(does).not.toBe('');
    }
  },
);

test.each(leaves.map((command) => [pathOf(command), command] as const))(
  'dr %s: exit codes, JSON where it reports, and examples that parse',
  async (path, command) => {
    const { exits, json, examples = [] } = pageOf(command) ?? {};
    expect(exits?.[0]).toEqual(expect.any(String));
    const hasJson = command.options.some(({ long }) => long === '--json');
    expect({ hasJson, documented: json !== undefined }).toEqual({
      hasJson: path !== 'completion',
      documented: path !== 'completion',
    });
    for (const [args] of examples) {
      const asked: unknown[] = [];
      await programOf((run) => asked.push(run), 80).parseAsync(argvOf(args), { from: 'user' });
      expect(asked).toHaveLength(1);
    }
  },
);

test('every JSON has a schema', () => {
  const shapes = leaves.flatMap((command) => {
    const { json, otherJson = {}, files = {} } = pageOf(command) ?? {};
    const named = { ...(json ? { '--json': json } : {}), ...otherJson, ...files };
    return Object.entries(named).map(([name, shape]) => ({
      of: `${pathOf(command)} ${name}`,
      schema: shape['schema'],
    }));
  });
  expect(shapes.length).toBeGreaterThan(15);
  expect(shapes.filter(({ schema }) => !/^number: \d/.test(schema ?? ''))).toEqual([]);
});

const tooWide = (text: string, width: number): string[] =>
  // A word that is wider than what is left of the line cannot be folded.
  text.split('\n').filter((line) => line.length > width && line.trim().split(/\s+/).length > 1);

test.each([80, 40, 132])('every help holds its width at %d columns', async (columns) => {
  for (const command of commands) {
    const { code, out, err } = await runIn([...argvOf(pathOf(command)), '--help'], { columns });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(tooWide(out, Math.min(columns, 80))).toEqual([]);
    for (const said of ['Examples:', 'Exit codes:']) expect(out).toContain(said);
    expect(out).toContain(CALL.slice(0, 3));
  }
});

test('a shape finds what is not documented, has another type, or is never there', () => {
  const shape = { a: 'number: one', 'b[].c': 'string | null: two', 'd.*': 'boolean: three', 'e?': 'any: four' };
  expect(departures({ a: 1, b: [{ c: null }, { c: 'x' }], d: { x: true }, e: { f: [] } }, shape)).toEqual([]);
  expect(departures({ a: '1', b: [{ c: 1 }, { z: 1 }], d: { x: 0 }, g: 1 }, shape)).toEqual([
    'a is string, not number',
    'b[].c is number, not string or null',
    'b[].z is not documented',
    'd.x is number, not boolean',
    'g is not documented',
  ]);
  expect(unseen([{ a: 1, b: [] }, { d: { y: true } }], shape)).toEqual(['b[].c']);
});

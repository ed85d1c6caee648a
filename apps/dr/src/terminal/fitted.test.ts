// Folding loses no word, holds the width, and leaves commands that can be copied.
import fc from 'fast-check';
import type { FilesContext, ProjectContext } from '../context';
import { runIn } from '../testing/run-on';
import { fitted } from './fitted';
import { CALL } from '../packaged';
import { showingWork } from './working';

const wordsOf = (text: string): string[] => text.split(/\s+/).filter((word) => word !== '');

test('whatever the text and the width: no word is lost, and no line is wider unless a word is', () => {
  const word = fc.stringMatching(/^[a-z0-9:,.]{1,12}$/);
  const line = fc
    .array(fc.tuple(fc.constantFrom('', ' ', '   '), word))
    .map((cells) => cells.map(([gap, one]) => `${gap}${one}`).join(' '));
  fc.assert(
    fc.property(fc.array(line), fc.integer({ min: 40, max: 120 }), (lines, width) => {
      const text = lines.join('\n');
      const folded = fitted(text, width);
      expect(wordsOf(folded)).toEqual(wordsOf(text));
      for (const one of folded.split('\n')) expect(one.length).toBeLessThanOrEqual(width);
      expect(fitted(folded, width)).toBe(folded);
    }),
  );
});

test('a text that fits is left as it is, to the byte', () => {
  const text = ' PASSED  region-dark\n\n   60.0        +0.0  fault     mumbai\n';
  expect(fitted(text, 80)).toBe(text);
});

test('the last cell of a row goes on below itself, or below the row where it has more room; colours take none', () => {
  const row =
    '   90.0       +30.0  notification           singapore  ALARM: "dr-mumbai-peer-stale" in Asia Pacific (Singapore)';
  expect(fitted(row, 80)).toBe(
    '   90.0       +30.0  notification           singapore\n' +
      '                                            ALARM: "dr-mumbai-peer-stale" in\n' +
      '                                            Asia Pacific (Singapore)',
  );
  expect(fitted(row, 100)).toBe(
    '   90.0       +30.0  notification           singapore  ALARM: "dr-mumbai-peer-stale" in Asia Pacific\n' +
      '                                                       (Singapore)',
  );
  const wide = `  alarm                 us-east-1  ${'x'.repeat(50)} -> ALARM`;
  expect(fitted(wide, 80)).toBe(
    `  alarm                 us-east-1\n                        ${'x'.repeat(50)} ->\n                        ALARM`,
  );
  const green = `\u001b[32m✓\u001b[39m  ${'x'.repeat(75)}`;
  expect(fitted(green, 80)).toBe(green);
});

test('a command that is folded is still that command for a shell', () => {
  const command = `${CALL} drill --region mumbai --duration 300 --fault region-dark --seed 1 --rto 60 --clients 200`;
  for (const width of [80, 40]) {
    const folded = fitted(`  command    ${command}`, width);
    for (const line of folded.split('\n')) expect(line.length).toBeLessThanOrEqual(width);
    expect(wordsOf(folded.replace(/ \\\n/g, ' ')).slice(1).join(' ')).toBe(command);
  }
});

test('reports are folded on a terminal and nowhere else; JSON and scripts never', async () => {
  const widest = (text: string) => Math.max(...text.split('\n').map((line) => line.length));
  for (const columns of [80, 40]) {
    const { code, out } = await runIn(['objectives'], { columns, outTerminal: true });
    expect(code).toBe(0);
    expect(widest(out)).toBeLessThanOrEqual(columns);
  }
  expect(widest((await runIn(['objectives'], { columns: 80 })).out)).toBeGreaterThan(80);
  const wrong = { columns: 40, errTerminal: true, live: () => undefined };
  expect(widest((await runIn(['objectives', '--rto', '99999'], wrong)).err)).toBeLessThanOrEqual(40);
  const json = await runIn(['objectives', '--json'], { columns: 80, outTerminal: true });
  expect(json.out.trim().split('\n')).toHaveLength(1);
  const script = (await runIn(['completion', 'bash'], { columns: 80, outTerminal: true })).out;
  expect(script).toBe((await runIn(['completion', 'bash'], {})).out);
});

test('a command that says nothing for a second is seen to work; what it says wipes that away; a question is left alone', async () => {
  let now = 0;
  let tick = (): void => undefined;
  let stopped = false;
  let seen = '';
  const world = {
    wallMs: () => now,
    errTerminal: true,
    out: (text: string) => void (seen += text),
    err: (text: string) => void (seen += text),
    every: (_: number, given: () => void) => {
      tick = given;
      return () => void (stopped = true);
    },
  };
  const { context, around, end } = showingWork(world as unknown as FilesContext, 'cost');
  const project = around({
    gameDay: {},
    synthesize: () => new Promise<string>(() => undefined),
    questions: { atTerminal: true, ask: () => new Promise<string>(() => undefined), end: () => undefined },
  } as unknown as ProjectContext);
  const pass = (ms: number): string => {
    seen = '';
    now += ms;
    tick();
    return seen;
  };
  expect(pass(900)).toBe('');
  expect(pass(200)).toContain('dr cost: working, 1 s');
  void project.synthesize([], '.');
  expect(pass(1_000)).toContain('dr cost: synthesizing the stack, 2 s');
  seen = '';
  context.out('done\n');
  expect(seen).toBe('\r\u001b[Kdone\n');
  expect(pass(500)).toBe('');
  void project.questions.ask('sure? ');
  expect(pass(5_000)).toBe('');
  end();
  expect(stopped).toBe(true);
});

// The pictures of README.md are there, for light and for dark, and show the drill that golden/oracle.json pins.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const textOf = (file: string): string => readFileSync(join(root, file), 'utf8');
const MAX_BYTES = 200_000;
const ANEW = '"npm run pictures" makes them anew';

const pictures = [...textOf('README.md').matchAll(/<picture>([^]*?)<\/picture>/g)].map(([, inside = '']) => ({
  dark: /<source media="\(prefers-color-scheme: dark\)" srcset="([^"]*)">/.exec(inside)?.[1] ?? '',
  light: /<img src="([^"]*)"/.exec(inside)?.[1] ?? '',
  alt: /<img [^>]*alt="([^"]*)"/.exec(inside)?.[1] ?? '',
}));
const report = JSON.parse(textOf('docs/pictures/drill.json')) as {
  eventLogHash: string;
  judgement: string;
  rto: { worstSeconds: number };
  objective: { rtoSeconds: number };
};

test('README shows the player and the terminal, each for light and for dark, with words for who does not see them', () => {
  expect(pictures.map(({ light }) => light)).toEqual([
    'docs/pictures/player-light.webp',
    'docs/pictures/drill-light.svg',
  ]);
  for (const { dark, light, alt } of pictures) {
    expect(dark).toBe(light.replace('-light.', '-dark.'));
    expect(alt.length).toBeGreaterThan(40);
    for (const file of [dark, light]) {
      expect({ file, isThere: existsSync(join(root, file)) }).toEqual({ file, isThere: true });
      expect(statSync(join(root, file)).size).toBeLessThan(MAX_BYTES);
    }
  }
});

test('every picture of README that is not one of these two pairs is none', () => {
  expect(textOf('README.md').match(/<img |!\[/g)).toHaveLength(pictures.length);
});

/** As scripts/oracle.mjs pins it: without the replay and the seconds that the machine took. */
function pinnedAs(text: string): string {
  const { simulation, ...drill } = JSON.parse(text) as { simulation: object };
  const same = JSON.stringify({ ...drill, replay: '', simulation: { ...simulation, wallSeconds: 0 } });
  const renames = Object.entries(JSON.parse(textOf('golden/oracle-renames.json')) as Record<string, string>);
  const renamed = renames.reduce((said, [from, to]) => said.replaceAll(from, to), same);
  return createHash('sha256').update(renamed).digest('hex').slice(0, 16);
}

test(`the drill of the pictures is the pinned one (${ANEW})`, () => {
  const pinned = (JSON.parse(textOf('golden/oracle.json')) as Record<string, string>)['routing latency'];
  expect(pinned?.split(' ')[1]).toBe(pinnedAs(textOf('docs/pictures/drill.json')));
});

test.each(['light', 'dark'])('the %s terminal holds the event log and the verdict of that drill', (theme) => {
  const svg = textOf(`docs/pictures/drill-${theme}.svg`);
  expect(svg).toContain(`sha256 ${report.eventLogHash}`);
  expect(svg).toContain('Passed: objectives and invariants hold.');
  expect(svg).toContain(`<title id="title">A drill in a terminal. ${report.judgement}</title>`);
});

test('README begins with what package.json says that this is', () => {
  const [, , first = ''] = textOf('README.md').split('\n');
  const { description } = JSON.parse(textOf('package.json')) as { description: string };
  expect(first.replaceAll('**', '')).toBe(`${description}.`);
});

test('README says of that drill what the pictures show', () => {
  const worst = `${report.rto.worstSeconds.toFixed(1)} s`;
  expect(textOf('README.md')).toContain(`${worst} is simulated`);
  expect(pictures[0]?.alt).toContain(`stopped at ${worst} of the ${report.objective.rtoSeconds} s`);
});

// Whose turn it is, month by month.
import type { Operator } from '../operator';
import { configWith } from '../../testing/config';
import { runIn } from '../../testing/run-on';
import { regionInTurn } from './turn';

const THREE = [
  { name: 'mumbai', awsRegion: 'ap-south-1' },
  { name: 'singapore', awsRegion: 'ap-southeast-1' },
  { name: 'tokyo', awsRegion: 'ap-northeast-1' },
] as const;

test.each([1, 2, 3])('each of %d regions has its turn as often as any other, and no month has two', (count) => {
  const regions = configWith({ regions: THREE.slice(0, Math.max(2, count)) }).regions.slice(0, count);
  const turns = Array.from({ length: 24 }, (_, at) => regionInTurn(regions, Date.UTC(2026, at, 8, 6, 37)).name);
  for (const { name } of regions) expect(turns.filter((one) => one === name)).toHaveLength(24 / count);
  for (let at = 0; at + count <= turns.length; at += 1) expect(new Set(turns.slice(at, at + count)).size).toBe(count);
});

test.each([
  ['2026-12-01T00:00:00Z', '2026-12-31T23:59:59.999Z', true],
  ['2026-12-31T23:59:59.999Z', '2027-01-01T00:00:00Z', false],
])('%s and %s: the same region is %s', (one, other, same) => {
  const { regions } = configWith();
  const [before, after] = [one, other].map((at) => regionInTurn(regions, Date.parse(at)).name);
  expect(before === after).toBe(same);
});

const ask = (flags: string, gameDay: boolean) =>
  runIn(['gameday', '--whose-turn', ...flags.split(' ').filter(Boolean)], {
    config: () => configWith({ options: { gameDay } }),
    operator: { now: () => Date.UTC(2026, 11, 8) } as unknown as Operator,
  });

test('it is said without asking AWS for anything', async () => {
  expect(await ask('', true)).toEqual({ code: 0, out: '2026-12: singapore (ap-southeast-1)\n', err: '' });
  const { code, out } = await ask('--json', true);
  expect({ code, answer: JSON.parse(out) as unknown }).toEqual({
    code: 0,
    answer: { schema: 1, month: '2026-12', region: 'singapore', why: null },
  });
});

test('a stack that may hold none says so, and why', async () => {
  const { code, out, err } = await ask('', false);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^2026-12: no game day\. dr\.config\.ts: options\.gameDay = false: .*Set it to true and apply\n$/,
  );
  const { region, why } = JSON.parse((await ask('--json', false)).out) as { region: unknown; why: string };
  expect(region).toBeNull();
  expect(why).toContain('options.gameDay = false');
});

// Keys of the item API are rotated without downtime: on the twin of the synthesized stack, with the bundles it names.
import { judgeRotation, rehearseRotation, type RotationReport } from './key-rotation';
import { request } from '../../testing/fixtures';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { startOurs } from '.';

test('rotation without downtime: no request with the current or the previous key is refused', async () => {
  const report = await withSynthesizedStack([], async (graph) => rehearseRotation(await startOurs({ graph, seed: 1 })));
  expect(report).toMatchObject({ passed: true, reasons: [], refused: 0, failed: 0 });
  expect(report.requests).toBeGreaterThan(300);
  expect(report.guesses).toMatchObject({ succeeded: 0 });
  expect(report.guesses.sent).toBeGreaterThan(100);
  for (const region of ['mumbai', 'singapore']) {
    expect(report.newKeyRefusedForSeconds[region]).toBeLessThanOrEqual(60);
    expect(report.oldKeyAcceptedForSeconds[region]).toBeLessThanOrEqual(305);
  }
});

type Sent = Parameters<typeof request>;
const refused = { outcome: 'http-error', status: 401 } as const;
const judged = (...sent: Sent[]): RotationReport =>
  judgeRotation(
    [['worker-0-mumbai', 5_000, {}] as const, ...sent.map(([at, more]) => [more?.client ?? '', at, more] as const)].map(
      ([client, at, more]) => request(at, { ...more, client }),
    ),
    ['mumbai', 'singapore'],
    300,
  );

test.each<[string, Sent, RegExp]>([
  ['a good key is refused', [70_000, { client: 'worker-1-mumbai', ...refused }], /1 of 2 .* 1 of them with 401/],
  [
    'a request fails otherwise',
    [70_000, { client: 'worker-1-mumbai', outcome: 'response-timeout' }],
    /0 of them with 401/,
  ],
  [
    'the new key is unknown for long',
    [76_000, { client: 'early-mumbai', ...refused }],
    /longer than 60 s \(mumbai: 61\.0 s\)/,
  ],
  ['the old key opens for long', [391_000, { client: 'late-mumbai' }], /longer than 305 s \(mumbai: 306\.0 s\)/],
  ['a guess succeeds', [9_000, { client: 'unauthenticated-guesser-mumbai' }], /1 guesses succeeded/],
])('fails when %s', (_name, sent, reason) => {
  expect(judged()).toMatchObject({ passed: true, reasons: [] });
  expect(judged(sent)).toMatchObject({ passed: false, reasons: [expect.stringMatching(reason)] });
});

test('fails when nobody has sent anything', () => {
  expect(judgeRotation([], ['mumbai'], 300).passed).toBe(false);
});

// A question to a peer gets the time that three round trips to it take, and /health still answers in time for Route 53.
import { AWS_REGIONS, roundTripMs } from '@dr/contracts';
import { isOutOfEarshot, peerDeadlines } from './peer-deadlines';

const PAIRS = AWS_REGIONS.flatMap((a) => AWS_REGIONS.filter((b) => b !== a).map((b) => [a.id, b.id] as const));

it('leaves 300 and 800 ms for regions near each other', () => {
  expect(peerDeadlines('ap-south-1', ['ap-southeast-1'])).toEqual({ peerMs: 300, healthMs: 800 });
});

it('fits three round trips for every pair that is not out of earshot, and only the far side of the earth is', () => {
  const far = PAIRS.filter(([a, b]) => isOutOfEarshot(a, b));
  for (const [a, b] of PAIRS.filter((pair) => !far.includes(pair))) {
    expect(peerDeadlines(a, [b]).peerMs).toBeGreaterThan(3 * roundTripMs(a, b) + 100);
  }
  const farFrom = (region: string): string[] => far.flatMap(([a, b]) => (a === region ? [b] : [])).sort();
  const asia = ['ap-east-2', 'ap-northeast-1', 'ap-northeast-2', 'ap-northeast-3'];
  const europe = ['eu-central-2', 'eu-south-1', 'eu-south-2', 'eu-west-2', 'eu-west-3'];
  expect(farFrom('sa-east-1')).toEqual(asia);
  expect(farFrom('ap-southeast-6')).toEqual(europe);
  expect([...new Set(far.flat())].sort()).toEqual([...asia, 'ap-southeast-6', ...europe, 'sa-east-1']);
});

it('keeps /health below 1,400 ms for every pair: 2 s less what a far checker spends on the way', () => {
  for (const [a, b] of PAIRS) expect(peerDeadlines(a, [b]).healthMs).toBeLessThanOrEqual(1_400);
});

it('waits for the farthest of several peers', () => {
  const [near, far] = ['ap-southeast-1', 'us-east-1'];
  expect(peerDeadlines('ap-south-1', [near, far])).toEqual(peerDeadlines('ap-south-1', [far]));
});

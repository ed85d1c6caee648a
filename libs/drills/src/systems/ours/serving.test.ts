// What our own system adds to what is known of any stack: its metrics, and what they cost.
import { fixedMonthlyCost } from '@dr/review';
import { parseStack } from '@dr/terraform-json';
import { golden } from '../../serving/testing/plant';
import { emittedMetrics } from './serving';

test('the functions of a region emit each metric once, and some for each peer', () => {
  const peers = ['a', 'b'].map((name) => ({ name, awsRegion: 'eu-west-1', host: `${name}.example.com` }));
  const variables = { DR_REGION: 'mumbai', DR_PEERS: JSON.stringify(peers) };
  const fn = { environment: { variables } };
  const graph = parseStack({ provider: { aws: {} }, resource: { aws_lambda_function: { f: fn, g: fn } } }, '/stack');
  const ids = graph.ofType('aws_lambda_function').flatMap((one) => emittedMetrics(one).map(({ id }) => id));
  // 6 of the region, 2 of each of 2 peers.
  expect(new Set(ids).size).toBe(10);
  expect(ids).toContain('us-east-1 DR/System PeerStalenessSeconds Peer=a Region=mumbai');
});

test('the committed stack costs at most 70 USD a month before anyone uses it', () => {
  const { lines, totalUsd, unknown } = fixedMonthlyCost(parseStack(golden(), '/stack'), emittedMetrics);
  expect([...new Set(lines.map(({ what }) => what))]).toEqual([
    'Health checks on AWS endpoints',
    'Health check option on AWS endpoints: HTTPS',
    'Health check option on AWS endpoints: fast interval',
    'Route 53 hosted zones',
    'Application load balancers',
    'Public IPv4 addresses',
    'Dashboards',
    'Alarms, by metric',
    'High-resolution alarms, by metric',
    'Custom metrics',
    'KMS keys',
    'Secrets and their replicas',
  ]);
  for (const { usd } of lines) expect(usd).toBeGreaterThanOrEqual(0);
  expect(unknown).toEqual([]);
  // Two load balancers with their addresses cost that alone: less would mean that something is not counted.
  expect(totalUsd).toBeGreaterThan(50);
  expect(totalUsd).toBeLessThanOrEqual(70);
});

// Whatever may be set in dr.config.ts, our own stack serves: the checks before a drill find nothing in it, and a review nothing but notes.
import { ROUTINGS } from '@dr/contracts';
import { judgeStack, reviewStack } from '@dr/review';
import { Twin } from '@dr/twin';
import { whatCannotServe } from '../../serving';
import { withSynthesizedStack } from '../../testing/synthesized-stack';
import { OUR_SERVICE } from './serving';

const regions = (...awsRegions: string[]): string =>
  `regions=${JSON.stringify(awsRegions.map((awsRegion, at) => ({ name: `r${at}`, awsRegion })))}`;

test.each<readonly [string, readonly string[]]>([
  ...ROUTINGS.map((routing) => [`${routing} routing`, ['--routing', routing]] as const),
  ['an alias to each load balancer', ['--rto', '170']],
  ['the apex of its zone', ['--set', 'domain=example.com', '--rto', '170']],
  ['functions in private subnets', ['--set', 'options.privateSubnets=true']],
  ['a network ACL for game days', ['--set', 'options.gameDay=true']],
  ['reserved concurrency', ['--set', 'options.lambdaConcurrencyQuota=1000']],
  ['three regions', ['--set', regions('eu-west-1', 'eu-central-1', 'us-east-2')]],
  ['an opt-in region', ['--set', regions('ap-south-1', 'ap-south-2')]],
])('%s', async (_, args) => {
  await withSynthesizedStack(args, async (graph) => {
    const twin = new Twin({ graph, seed: 1 });
    expect([...whatCannotServe(graph, OUR_SERVICE), ...judgeStack(graph, OUR_SERVICE, ['failover'])]).toEqual([]);
    const { findings } = reviewStack(graph, { rtoSeconds: null, rpoSeconds: null });
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect([...twin.notModelled, ...graph.unknown]).toEqual([]);
    return Promise.resolve();
  });
});

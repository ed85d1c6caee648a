// Systems of 2, 3 and 4 regions: each region knows, watches and may read every other one, and asks the nearest first.
import { FUNCTIONS, lambdaName, regionalDomain, type Peer } from '@dr/contracts/system';
import type { DrConfigInput } from '@dr/contracts/system/config';
import { awsRegionOf } from './testing/stack-query';
import { configWith, synthesized } from './testing/synth-in-test';

const { domain, system } = configWith();
const MUMBAI = { name: 'mumbai', awsRegion: 'ap-south-1' };
const SINGAPORE = { name: 'singapore', awsRegion: 'ap-southeast-1' };
const SEOUL = { name: 'seoul', awsRegion: 'ap-northeast-2' };
const SYDNEY = { name: 'sydney', awsRegion: 'ap-southeast-2' };

type Regions = DrConfigInput['regions'];
/** Each region's peers, nearest first: the great-circle distances in km are Mumbai-Singapore 3,900, Mumbai-Seoul 5,600,
 * Mumbai-Sydney 10,200, Singapore-Seoul 4,700, Singapore-Sydney 6,300, Seoul-Sydney 8,300. */
const SYSTEMS: readonly [string, Regions, Readonly<Record<string, readonly string[]>>][] = [
  ['two regions', [MUMBAI, SINGAPORE], { mumbai: ['singapore'], singapore: ['mumbai'] }],
  [
    'three regions, the farthest first in the config',
    [SYDNEY, MUMBAI, SINGAPORE],
    { mumbai: ['singapore', 'sydney'], singapore: ['mumbai', 'sydney'], sydney: ['singapore', 'mumbai'] },
  ],
  [
    'four regions',
    [MUMBAI, SYDNEY, SEOUL, SINGAPORE],
    {
      mumbai: ['singapore', 'seoul', 'sydney'],
      singapore: ['mumbai', 'seoul', 'sydney'],
      seoul: ['singapore', 'mumbai', 'sydney'],
      sydney: ['singapore', 'seoul', 'mumbai'],
    },
  ],
];

describe.each(SYSTEMS)('%s', (_name, regions, nearestFirst) => {
  const { query } = synthesized({ regions });
  const pairs = regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => [from, to] as const));

  it('every function is told every peer at its own name, nearest first', () => {
    for (const { name, awsRegion } of regions) {
      for (const fn of FUNCTIONS) {
        const found = query
          .all('aws_lambda_function')
          .find(
            (one) =>
              one.properties['function_name'] === lambdaName(system, fn) && awsRegionOf(query.stack, one) === awsRegion,
          );
        const { variables } = found?.properties['environment'] as { variables: Record<string, string> };
        const peers = JSON.parse(variables['DR_PEERS'] ?? '[]') as Peer[];
        expect(peers.map((peer) => peer.name)).toEqual(nearestFirst[name]);
        for (const peer of peers) {
          expect(peer).toEqual({
            ...regions.find((region) => region.name === peer.name),
            host: regionalDomain(domain, peer.name),
          });
        }
      }
    }
  });

  it('every ordered pair has one alarm: the heartbeat of the one, as the other sees it', () => {
    const stale = query.all('aws_cloudwatch_metric_alarm').filter(({ id }) => id.includes('peer_stale'));
    const watched = stale.map(
      (alarm) => `${awsRegionOf(query.stack, alarm)} ${String(alarm.properties['alarm_name'])}`,
    );
    expect(watched.sort()).toEqual(
      pairs.map(([from, to]) => `${from.awsRegion} ${system}-${to.name}-peer-stale`).sort(),
    );
    for (const alarm of stale) expect(JSON.stringify(alarm.properties)).toMatch(/"Peer":"\w+"/);
  });

  it.each(['traffic_router', 'health_checker'])('%s may use the replica of every peer', (fn) => {
    for (const [from, to] of pairs) {
      const policy = String(query.one('aws_iam_role_policy', `${from.name}_${fn}_policy`)['policy']);
      expect(policy).toContain(`dynamodb:${to.awsRegion}`);
    }
  });
});

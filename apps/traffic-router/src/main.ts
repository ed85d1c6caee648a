// traffic-router: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts/system';
import { functionRuntime, required, secretsManager, systemRandom } from '@dr/handler-core';
import { trafficRouter } from './handler';

const { clock, telemetry, region, awsRegion, identity, peers, tableIn } = functionRuntime(
  'traffic-router',
  process.env,
);
const tableOf = (of: string) => tableIn(of, { retryThrottled: false });

export const handler = trafficRouter({
  clock,
  random: systemRandom,
  telemetry,
  region,
  table: tableOf(awsRegion),
  peers: peers.map((peer) => ({ region: peer.name, table: tableOf(peer.awsRegion) })),
  auth:
    process.env[ENV.auth] === 'none'
      ? undefined
      : {
          secrets: secretsManager(identity, awsRegion),
          peerSecrets: peers.map((peer) => secretsManager(identity, peer.awsRegion)),
          secretName: required(process.env, ENV.apiKeySecret),
        },
});

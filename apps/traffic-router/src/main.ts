// traffic-router: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts/system';
import {
  awsIdentity,
  createTelemetry,
  dynamoDbTable,
  readSettings,
  required,
  secretsManager,
  systemClock,
  systemRandom,
  writeLine,
} from '@dr/handler-core';
import { trafficRouter } from './handler';

const { region, awsRegion, table, peers } = readSettings(process.env);
const identity = awsIdentity(process.env);
const tableOf = (of: string) => dynamoDbTable({ table, region: of, identity, retryThrottled: false });

export const handler = trafficRouter({
  clock: systemClock,
  random: systemRandom,
  telemetry: createTelemetry({ clock: systemClock, region, functionName: 'traffic-router', write: writeLine }),
  region,
  table: tableOf(awsRegion),
  peers: peers.map((peer) => ({ region: peer.name, table: tableOf(peer.awsRegion) })),
  auth:
    process.env[ENV.auth] === 'none'
      ? undefined
      : { secrets: secretsManager(identity, awsRegion), secretName: required(process.env, ENV.apiKeySecret) },
});

// traffic-router: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts';
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
const [peer] = peers;

export const handler = trafficRouter({
  clock: systemClock,
  random: systemRandom,
  telemetry: createTelemetry({ clock: systemClock, region, functionName: 'traffic-router', write: writeLine }),
  region,
  table: dynamoDbTable({ table, region: awsRegion, identity }),
  peer: peer && { region: peer.name, table: dynamoDbTable({ table, region: peer.awsRegion, identity }) },
  auth:
    process.env[ENV.auth] === 'none'
      ? undefined
      : { secrets: secretsManager(identity, awsRegion), secretName: required(process.env, ENV.apiKeySecret) },
});

// health-checker: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts/system';
import { admissionConstants, peerDeadlines } from '@dr/failover';
import {
  awsIdentity,
  createTelemetry,
  dynamoDbTable,
  httpsGet,
  lambdaInvoker,
  readRecovery,
  readSettings,
  required,
  systemClock,
  writeLine,
} from '@dr/handler-core';
import { healthChecker } from './handler';

const { region, awsRegion, table, peers } = readSettings(process.env);
const { worstDetectionSeconds, waitForValidation } = readRecovery(process.env);
const identity = awsIdentity(process.env);

export const handler = healthChecker({
  clock: systemClock,
  telemetry: createTelemetry({ clock: systemClock, region, functionName: 'health-checker', write: writeLine }),
  table: dynamoDbTable({ table, region: awsRegion, identity, retryThrottled: false }),
  replicas: peers.map((peer) => ({
    name: peer.name,
    table: dynamoDbTable({ table, region: peer.awsRegion, identity, maxAttempts: 1 }),
  })),
  invoker: lambdaInvoker(identity, awsRegion),
  http: httpsGet,
  region,
  peers,
  routerFunction: required(process.env, ENV.routerFunction),
  constants: admissionConstants(worstDetectionSeconds),
  deadlines: peerDeadlines(
    awsRegion,
    peers.map((peer) => peer.awsRegion),
  ),
  waitForValidation,
  checkTokens: required(process.env, ENV.checkTokens).split(','),
});

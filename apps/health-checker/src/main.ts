// health-checker: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts/system';
import { admissionConstants, peerDeadlines } from '@dr/failover';
import { functionRuntime, httpsGet, lambdaInvoker, readRecovery, required } from '@dr/handler-core';
import { healthChecker } from './handler';

const { clock, telemetry, region, awsRegion, identity, peers, tableIn } = functionRuntime(
  'health-checker',
  process.env,
);
const { worstDetectionSeconds, waitForValidation, manualFailback } = readRecovery(process.env);

export const handler = healthChecker({
  clock,
  telemetry,
  table: tableIn(awsRegion, { retryThrottled: false }),
  replicas: peers.map((peer) => ({ name: peer.name, table: tableIn(peer.awsRegion, { maxAttempts: 1 }) })),
  invoker: lambdaInvoker(identity, awsRegion),
  http: httpsGet,
  region,
  peers,
  routerFunction: required(process.env, ENV.routerFunction),
  constants: admissionConstants(manualFailback?.soonestDetectionSeconds ?? worstDetectionSeconds),
  deadlines: peerDeadlines(
    awsRegion,
    peers.map((peer) => peer.awsRegion),
  ),
  waitForValidation,
  failback: manualFailback ? 'manual' : 'automatic',
  checkTokens: required(process.env, ENV.checkTokens).split(','),
});

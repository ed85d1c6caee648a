// failover-orchestrator: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts/system';
import { admissionConstants } from '@dr/failover';
import { functionRuntime, httpsGet, lambdaInvoker, readRecovery, required, snsNotifier } from '@dr/handler-core';
import { failoverOrchestrator } from './handler';

const runtime = functionRuntime('failover-orchestrator', process.env);
const { clock, telemetry, system, region, awsRegion, identity, peers, tableIn } = runtime;
const { worstDetectionSeconds, ttlSeconds, waitForValidation } = readRecovery(process.env);

export const handler = failoverOrchestrator({
  clock,
  telemetry,
  table: tableIn(awsRegion, { maxAttempts: 3 }),
  notifier: snsNotifier(identity, awsRegion, required(process.env, ENV.topicArn)),
  invoker: lambdaInvoker(identity, awsRegion),
  http: httpsGet,
  system,
  region,
  peers,
  validatorFunction: required(process.env, ENV.validatorFunction),
  constants: admissionConstants(worstDetectionSeconds),
  timing: { worstDetectionMs: worstDetectionSeconds * 1000, ttlMs: ttlSeconds * 1000 },
  waitForValidation,
});

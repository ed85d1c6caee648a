// failover-orchestrator: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts/system';
import { admissionConstants } from '@dr/failover';
import {
  awsIdentity,
  createTelemetry,
  dynamoDbTable,
  httpsGet,
  lambdaInvoker,
  readRecovery,
  readSettings,
  required,
  snsNotifier,
  systemClock,
  writeLine,
} from '@dr/handler-core';
import { failoverOrchestrator } from './handler';

const { region, awsRegion, system, table, peers } = readSettings(process.env);
const { worstDetectionSeconds, ttlSeconds, waitForValidation } = readRecovery(process.env);
const identity = awsIdentity(process.env);

export const handler = failoverOrchestrator({
  clock: systemClock,
  telemetry: createTelemetry({ clock: systemClock, region, functionName: 'failover-orchestrator', write: writeLine }),
  table: dynamoDbTable({ table, region: awsRegion, identity, maxAttempts: 3 }),
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

// data-consistency-validator: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts/system';
import {
  awsIdentity,
  createTelemetry,
  dynamoDbTable,
  readRecovery,
  readSettings,
  required,
  snsNotifier,
  systemClock,
  writeLine,
} from '@dr/handler-core';
import { dataConsistencyValidator } from './handler';

const { region, awsRegion, system, table, peers } = readSettings(process.env);
const identity = awsIdentity(process.env);
const tableOf = (of: string) => dynamoDbTable({ table, region: of, identity, maxAttempts: 3 });

export const handler = dataConsistencyValidator({
  clock: systemClock,
  telemetry: createTelemetry({
    clock: systemClock,
    region,
    functionName: 'data-consistency-validator',
    write: writeLine,
  }),
  notifier: snsNotifier(identity, awsRegion, required(process.env, ENV.topicArn)),
  table: tableOf(awsRegion),
  peers: peers.map((peer) => ({ name: peer.name, table: tableOf(peer.awsRegion) })),
  system,
  region,
  keepsOutcome: readRecovery(process.env).waitForValidation,
});

// data-consistency-validator: wiring. The only file of the function that reads process.env.
import { ENV } from '@dr/contracts/system';
import { functionRuntime, readRecovery, required, snsNotifier } from '@dr/handler-core';
import { dataConsistencyValidator } from './handler';

const runtime = functionRuntime('data-consistency-validator', process.env);
const { clock, telemetry, system, region, awsRegion, identity, peers, tableIn } = runtime;
const tableOf = (of: string) => tableIn(of, { maxAttempts: 3 });

export const handler = dataConsistencyValidator({
  clock,
  telemetry,
  notifier: snsNotifier(identity, awsRegion, required(process.env, ENV.topicArn)),
  table: tableOf(awsRegion),
  peers: peers.map((peer) => ({ name: peer.name, table: tableOf(peer.awsRegion) })),
  system,
  region,
  keepsOutcome: readRecovery(process.env).waitForValidation,
});

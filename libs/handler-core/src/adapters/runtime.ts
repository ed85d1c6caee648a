// What every function is wired with: its settings, its clock, its telemetry, and tables under its own role.
import type { FunctionName } from '@dr/contracts/system';
import { readSettings, type Variables } from '../environment';
import { createTelemetry } from '../telemetry';
import { awsIdentity } from './aws-request';
import { dynamoDbTable, type DynamoDbTableOptions } from './dynamodb-table';
import { systemClock, writeLine } from './system';

/** Throws InputError that names a variable which is missing or cannot be read. */
export function functionRuntime(functionName: FunctionName, variables: Variables) {
  const { table, ...settings } = readSettings(variables);
  const { region } = settings;
  const identity = awsIdentity(variables);
  return {
    ...settings,
    identity,
    clock: systemClock,
    telemetry: createTelemetry({ clock: systemClock, region, functionName, write: writeLine }),
    /** The replica of an AWS region. */
    tableIn: (awsRegion: string, retries: Pick<DynamoDbTableOptions, 'maxAttempts' | 'retryThrottled'>) =>
      dynamoDbTable({ table, region: awsRegion, identity, ...retries }),
  };
}

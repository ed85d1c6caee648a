// What every Lambda uses: event shells, ports and their AWS adapters, deadlines, problem documents, telemetry.
export * from './alb';
export * from './clock';
export * from './deadline';
export * from './environment';
export * from './events';
export * from './ports';
export * from './problem';
export * from './telemetry';
export * from './adapters/aws-request';
export * from './adapters/dynamodb-table';
export * from './adapters/https-get';
export * from './adapters/lambda-invoker';
export * from './adapters/secrets-manager';
export * from './adapters/sns-notifier';
export * from './adapters/system';
export * from './testing/fakes';
export * from './testing/memory-table';

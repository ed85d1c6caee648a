// Terraform constructs of the system. cdktf is imported here, in libs/alarms and in apps/infra, nowhere else.
export * from './alert-topic';
export * from './certificate';
export * from './encryption-key';
export * from './function';
export * from './global-table';
export * from './load-balancer';
export * from './names';
export * from './network';
export * from './policy';
export * from './region';
export * from './routing';
export * from './schedule';

// What the functions, the infrastructure and the tools of our own system share: its names, its settings, its records. The config's schema is
// apart (@dr/contracts/system/config): it brings zod; so are the readers of records (@dr/contracts/system/records).
export * from './clock';
export * from './concurrency';
export * from './config-file';
export * from './env';
export * from './functions';
export * from './metrics';
export * from './names';
export * from './item-id';
export * from './table';
export type * from './records/control-readers';

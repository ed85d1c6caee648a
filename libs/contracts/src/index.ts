// What two worlds share: names, shapes and numbers. The config schema is apart (@dr/contracts/config): it brings zod.
export * from './alarm-route';
export * from './bucket-name';
export * from './clock';
export * from './concurrency';
export * from './config-file';
export * from './distance';
export * from './drill-report';
export * from './env';
export * from './faults';
export * from './game-day';
export * from './input-error';
export * from './metrics';
export * from './names';
export * from './regions';
export * from './reserved-domains';
export * from './system-error';
export * from './table';

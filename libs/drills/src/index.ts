// Drills: a scenario run on a twin, measured, checked against invariants, and explained when it fails.
export * from './drill';
export * from './fault-effects';
export * from './first-start';
export * from './key-rotation';
export { recoveriesOf, recoveryTime, type Attempt, type ClientRecovery } from './measure';
export * from './render-text';
export * from './scenario';
export * from './start-twin';
export * from './twin-port';
export * from './under-load';
export * from './schedule';
export * from './schedule-file';
export * from './search/index';

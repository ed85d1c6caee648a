// The search for schedules that break an invariant.
export * from './draw';
export * from './seeded-draw';
export * from './judge-schedule';
export * from './matrix';
export * from './matrix-row';
export * from './order-outcomes';
export * from './outages';
export * from './run-schedule';
export * from './run-seed';
export * from '../run-record';
export * from './search';
export * from './sometimes';

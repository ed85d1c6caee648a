// Pure decisions: no clock, no network, no AWS. Time is passed in.
export * from './accelerator';
export * from './partial-failure';
export * from './recovery';
export * from './peer-deadlines';
export * from './admission';
export * from './admission-constants';
export * from './admission-memory';
export * from './admission-orders';
export { answersReached, isReached } from './admission-situation';
export * from './admission-presence';
export * from './admission-types';
export { bestKnown, newStateRecord } from './state-record';
export * from './versions';
export * from './failover-machine';
export * from './failover-machine-journal';

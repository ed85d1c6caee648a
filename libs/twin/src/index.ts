// The twin: the regions of a stack on one machine, built from synthesized Terraform JSON and the bundles it names.
export * from './event-log';
export * from './faults';
export * from './http';
export * from './kernel/random';
export * from './kernel/scheduler';
export { LimitCounter, LimitMeter } from './limits';
export type { LoadScale } from './load-scale';
export * from './network';
export * from './opaque-twin';
export * from './partly-run-twin';
export * from './region-names';
export { mostArrivalMs } from './services/cloudwatch/arrival';
export { BY_ASSUMPTION } from './services/opaque/assumed';
export * from './services/ports';
export * from './site';
export * from './twin';
export * from './understood';
export * from './world';

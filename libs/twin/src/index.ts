// The twin: two regions on one machine, built from synthesized Terraform JSON and the bundles it names.
export * from './faults';
export * from './http';
export * from './event-log';
export * from './kernel/random';
export * from './kernel/scheduler';
export * from './network';
export * from './region-names';
export * from './services/ports';
export * from './region-names';
export * from './understood';
export * from './world';
export * from './twin';

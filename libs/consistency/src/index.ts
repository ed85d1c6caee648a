// Comparing replicas: digests, differences, conflicts, and a run that can be interrupted. The validator and the command line use it.
export * from './compare';
export * from './conflict-finder';
export * from './digest';
export * from './open-keys';
export * from './report';
export * from './run-head';
export * from './run-reader';
export * from './run-state';
export * from './validation-run';
export * from './testing/naive';

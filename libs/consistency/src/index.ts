// Comparing replicas: digests, differences, conflicts, and a run that can be interrupted. The validator and the command line use it.
export * from './compare';
export * from './conflict-finder';
export * from './digest';
export * from './open-keys';
export * from './report';
export * from './stored-run';
export * from './validation-run';
export * from './testing/naive';

// Comparing two replicas: digests, differences, conflicts. The validator and the command line use it.
export * from './compare';
export * from './digest';

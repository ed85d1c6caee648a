// Synthesized Terraform JSON -> typed graph with references resolved.
export { appliedRegions } from './applied-regions';
export * from './graph';
export { parseStack, readStack } from './read-stack';

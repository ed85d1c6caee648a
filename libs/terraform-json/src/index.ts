// Synthesized Terraform JSON -> typed graph with references resolved.
export * from './graph';
export { parseStack, readStack } from './read-stack';

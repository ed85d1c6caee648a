// Synthesized Terraform JSON -> typed graph with references resolved.
export { appliedRegions } from './applied-regions';
export { blockOf, blocksOf, flagOf, numberOf, textMapOf, textOf, textsOf, type Values } from './attributes';
export { qualifiedName } from './computed-attributes';
export { readGivenFile } from './given-file';
export * from './graph';
export { MAX_TERRAFORM_JSON_BYTES, parseStack, readStack } from './read-stack';

// Synthesized Terraform JSON -> typed graph with references resolved.
export { appliedRegions } from './applied-regions';
export { blockOf, blocksOf, flagOf, numberOf, textMapOf, textOf, textsOf, type Values } from './attributes';
export { qualifiedName } from './computed-attributes';
export { isGlobal } from './resource-types';
export * from './graph';
export { ifKnown, knownMember, knownOrAbsent, UnknownValueError } from './plain';
export { MAX_TERRAFORM_JSON_BYTES, parseStack, readStack, readStacks } from './read-stack';

// The model check of admission: exhaustive exploration of the decision function itself in an abstract world.
export * from './explore';
export * from './orchestrator/check';
export * from './model';
export * from './presets';
export * from './walk';
export * from './testing/mutants';
export * from './testing/telling-mutants';
export { SAFETY } from './properties';
export { LIVENESS } from './liveness';

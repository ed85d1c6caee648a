// The model check of admission: exhaustive exploration of the decision function itself in an abstract world.
export * from './explore';
export * from './orchestrator/check';
export * from './orchestrator/mutants';
export * from './model';
export * from './mutants';
export * from './presets';
export * from './walk';
export { SAFETY } from './properties';
export { LIVENESS } from './liveness';

// What is drilled: our own system on a stack, or one that a team has declared on its own Terraform. Processes of a search are told the same.
import { declaredSystem, OURS, parseDeclaration, type Declaration, type Subject } from '@dr/drills';
import { readStacks } from '@dr/terraform-json';
import { dirname } from 'node:path';

/** A declaration as it was read: from a pipe nobody reads it twice. */
export interface GivenDeclaration {
  readonly path: string;
  readonly text: string;
  /** In the place of its own objective. */
  readonly rtoSeconds?: number;
}

export interface GivenSubject {
  readonly stacks: readonly string[];
  /** @default our own system */
  readonly declared?: GivenDeclaration;
}

export interface Drilled extends Subject {
  readonly given: GivenSubject & Required<Pick<GivenSubject, 'declared'>>;
  readonly declaration: Declaration;
}

/** Throws InputError. */
export function subjectOf({ stacks, declared }: GivenSubject): Subject {
  return declared ? drilledOf({ stacks, declared }) : { system: OURS, graph: readStacks(stacks) };
}

/** Throws InputError on what the declaration gets wrong, and on what the stack does not have. */
export function drilledOf(given: Drilled['given']): Drilled {
  const { stacks, declared } = given;
  const { path, text, rtoSeconds } = declared;
  const read = parseDeclaration(text, path);
  const declaration = rtoSeconds === undefined ? read : { ...read, objectives: { ...read.objectives, rtoSeconds } };
  const graph = readStacks(stacks);
  const system = declaredSystem({ declaration, name: path, directory: dirname(path), graph });
  return { given, declaration, system, graph };
}

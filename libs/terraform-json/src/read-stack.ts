// Reads a synthesized stack (cdk.tf.json) into a graph. Whatever is not Terraform JSON is refused with the reason.
import { dirname, resolve } from 'node:path';
import { InputError } from '@dr/contracts';
import { readGivenFile } from './given-file';
import type { Graph } from './graph';
import { isObject } from './normalise';
import { StackGraph } from './configuration/stack-graph';

/** Ours has half a megabyte. What is larger is refused before it fills the memory. */
export const MAX_TERRAFORM_JSON_BYTES = 100 << 20;

/** Reads and resolves the stack in `file`. Throws InputError when it is missing, not JSON or not Terraform. */
export function readStack(file: string): Graph {
  return parseStack(jsonIn(file), dirname(resolve(file)), file);
}

function jsonIn(file: string): unknown {
  const content = readGivenFile({
    path: file,
    maxBytes: MAX_TERRAFORM_JSON_BYTES,
    // Every process of a search reads it.
    again: true,
    refused: (why, _, cause) => refused(file, why, OR_OWN, cause),
  });
  try {
    return JSON.parse(content.toString());
  } catch (cause) {
    throw refused(file, `is not JSON (${(cause as Error).message})`, '', cause);
  }
}

const OR_OWN = ', or leave --stack out';
const refused = (file: string, why: string, or = '', cause?: unknown): InputError =>
  new InputError(`stack "${file}"`, why, `Name a synthesized cdk.tf.json${or}`, { cause });

/** The same from a value already parsed; `directory` is what file names in it are relative to. */
export function parseStack(json: unknown, directory: string, file = 'stack'): Graph {
  const resources = isObject(json) ? json['resource'] : undefined;
  const isEmpty = Array.isArray(resources) ? resources.length === 0 : Object.keys(resources ?? {}).length === 0;
  if (!isObject(json) || typeof resources !== 'object' || isEmpty) {
    throw refused(file, 'is JSON but not a Terraform configuration: it has no "resource" block');
  }
  return new StackGraph(json, directory);
}

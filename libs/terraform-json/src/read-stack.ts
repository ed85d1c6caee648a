// Reads a synthesized stack (cdk.tf.json) into a graph. Whatever is not Terraform JSON is refused with the reason.
import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '@dr/contracts';
import type { Graph } from './graph';
import { isObject } from './normalise';
import { StackGraph } from './configuration/stack-graph';

/** Ours has half a megabyte. What is larger is refused by its size, before it fills the memory. */
export const MAX_TERRAFORM_JSON_BYTES = 100 << 20;

/** Reads and resolves the stack in `file`. Throws InputError when it is missing, not JSON or not Terraform. */
export function readStack(file: string): Graph {
  const found = statSync(file, { throwIfNoEntry: false });
  if (!found?.isFile()) throw refused(file, 'there is no such file', OR_OWN);
  if (found.size > MAX_TERRAFORM_JSON_BYTES) {
    const megabytes = Math.ceil(found.size / (1 << 20));
    throw refused(file, `has ${megabytes} MB; ${MAX_TERRAFORM_JSON_BYTES >> 20} MB at most are read`, OR_OWN);
  }
  return parseStack(jsonIn(file), dirname(resolve(file)), file);
}

function jsonIn(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
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

// Reads a synthesized stack (cdk.tf.json) into a graph. Whatever is not Terraform JSON is refused with the reason.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { InputError } from '@dr/contracts';
import type { Graph } from './graph';
import { isObject } from './normalise';
import { StackGraph } from './stack-graph';

/** Ours has half a megabyte. What is larger is refused by its size, before it fills the memory. */
export const MAX_TERRAFORM_JSON_BYTES = 100 << 20;

/** Reads and resolves the stack in `file`. Throws InputError when it is missing, not JSON or not Terraform. */
export function readStack(file: string): Graph {
  if (!existsSync(file) || !statSync(file).isFile()) {
    throw new InputError(
      `stack "${file}"`,
      'there is no such file',
      'Name a synthesized cdk.tf.json, or leave --stack out',
    );
  }
  const { size } = statSync(file);
  if (size > MAX_TERRAFORM_JSON_BYTES) {
    throw new InputError(
      `stack "${file}"`,
      `has ${Math.ceil(size / (1 << 20))} MB; ${MAX_TERRAFORM_JSON_BYTES >> 20} MB at most are read`,
      'Name a synthesized cdk.tf.json, or leave --stack out',
    );
  }
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new InputError(
      `stack "${file}"`,
      `is not JSON (${(cause as Error).message})`,
      'Name a synthesized cdk.tf.json',
      { cause },
    );
  }
  return parseStack(json, dirname(resolve(file)), file);
}

/** The same from a value already parsed; `directory` is what file names in it are relative to. */
export function parseStack(json: unknown, directory: string, file = 'stack'): Graph {
  const resources = isObject(json) ? json['resource'] : undefined;
  const isEmpty = Array.isArray(resources) ? resources.length === 0 : Object.keys(resources ?? {}).length === 0;
  if (!isObject(json) || typeof resources !== 'object' || isEmpty) {
    throw new InputError(
      `stack "${file}"`,
      'is JSON but not a Terraform configuration: it has no "resource" block',
      'Name a synthesized cdk.tf.json',
    );
  }
  return new StackGraph(json, directory);
}

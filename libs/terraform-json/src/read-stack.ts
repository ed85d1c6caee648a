// Reads what says what a stack is: a configuration (cdk.tf.json), or a plan or a state as Terraform shows it. Anything else is refused.
import { dirname, resolve } from 'node:path';
import { InputError } from '@dr/contracts';
import { StackGraph } from './configuration/stack-graph';
import { exactly } from './exact-json';
import { readGivenFile } from './given-file';
import type { Graph } from './graph';
import { isObject, type Json } from './normalise';
import { mergeStacks, type StackFile } from './merge';
import { ALONE } from './reading';
import { readShown, shownKind } from './shown/read-shown';

/** Ours has half a megabyte. What is larger is refused before it fills the memory. */
export const MAX_TERRAFORM_JSON_BYTES = 100 << 20;
/** [A] Nothing that Terraform writes is nested so deeply. */
const MAX_NESTING = 200;
/** JavaScript itself asks objects for these. [A] No argument, tag or output of anybody's is called so. */
const RESERVED = new Set(['toString', 'valueOf', '__proto__']);

const READABLE = 'Name a cdk.tf.json, or what `terraform show -json` prints of a plan or a state';
const OR_OWN = ', or leave --stack out';
const SHOW = (file: string): string => `Give what this prints: terraform show -json ${file}`;

const refused = (file: string, why: string, fix: string = READABLE): InputError =>
  new InputError(`stack "${file}"`, why, fix);

/** Reads what the files say together. Throws InputError when one is missing, is nothing that is read, or contradicts another. */
export const readStacks = (files: readonly string[]): Graph => mergeStacks([...new Set(files)].map(stackFile));

export const readStack = (file: string): Graph => readStacks([file]);

/** The same from a value already parsed; `directory` is what file names in it are relative to. */
export const parseStack = (json: unknown, directory: string, file = 'stack'): Graph =>
  recognised(json, directory, file).read(ALONE);

function stackFile(file: string): StackFile {
  const { json, text } = jsonIn(file);
  return recognised(json, dirname(resolve(file)), file, text);
}

/** `text` is what `json` was read from. */
function recognised(json: unknown, directory: string, file: string, text?: string): StackFile {
  const unreadable = whatIsUnreadable(json);
  if (unreadable !== undefined) throw refused(file, unreadable);
  const kind = shownKind(json);
  if (kind) {
    const shown = json as { [key: string]: Json };
    return { file, kind, read: (reading) => named(file, () => readShown(shown, kind, { directory, ...reading })) };
  }
  const resources = isObject(json) ? json['resource'] : undefined;
  const isEmpty = Array.isArray(resources) ? resources.length === 0 : Object.keys(resources ?? {}).length === 0;
  if (!isObject(json) || typeof resources !== 'object' || isEmpty) throw neither(file, json);
  const exact = text === undefined ? json : (exactly(text, json) as typeof json);
  return { file, kind: 'configuration', read: (reading) => new StackGraph(exact, directory, reading) };
}

/** JSON of something else: what it looks like, and what to give instead. */
function neither(file: string, json: unknown): InputError {
  if (isObject(json) && typeof json['version'] === 'number' && Object.hasOwn(json, 'serial')) {
    return refused(file, "is Terraform's own state file, whose format is not fixed", SHOW(file));
  }
  if (isObject(json) && Object.hasOwn(json, 'provider_schemas')) {
    return refused(file, 'holds the schemas of providers, and no resources');
  }
  return refused(file, 'is JSON but not a Terraform configuration: it has no "resource" block');
}

function jsonIn(file: string): { readonly json: unknown; readonly text: string } {
  const content = readGivenFile({
    path: file,
    maxBytes: MAX_TERRAFORM_JSON_BYTES,
    // Every process of a search reads it.
    again: true,
    refused: (why) => refused(file, why, READABLE + OR_OWN),
  });
  const text = content.toString().replace(/^\uFEFF/, '');
  try {
    return { json: JSON.parse(text), text };
  } catch (error) {
    if (text.startsWith('PK')) throw refused(file, 'is a saved plan, which only Terraform reads', SHOW(file));
    if (text.startsWith('{"@level"')) throw refused(file, 'is the log of `terraform plan -json`', SHOW('<plan file>'));
    // The parser's own message quotes the file, which may hold secrets.
    const place = /line \d+ column \d+|position \d+/.exec((error as Error).message)?.[0];
    throw refused(file, `is not JSON${place === undefined ? '' : ` (${place})`}`);
  }
}

/** The message says which file is meant. */
function named(file: string, read: () => Graph): Graph {
  try {
    return read();
  } catch (error) {
    if (error instanceof InputError) throw new InputError(`stack "${file}": ${error.what}`, error.why, error.fix);
    throw error;
  }
}

function whatIsUnreadable(json: unknown, depth = 0): string | undefined {
  if (typeof json !== 'object' || json === null) return undefined;
  if (depth > MAX_NESTING) return `is nested deeper than ${MAX_NESTING} levels`;
  // What JSON gives inherits no key that is walked here.
  for (const key in json) {
    if (RESERVED.has(key)) return `has something called "${key}", which is never a name in Terraform`;
    const found = whatIsUnreadable((json as Readonly<Record<string, unknown>>)[key], depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

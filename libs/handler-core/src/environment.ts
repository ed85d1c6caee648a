// Environment variables, parsed once at start: main.ts hands its `process.env` in, nobody else sees it.
import { InputError } from '@dr/contracts';
import { ENV, type Peer, type RecoveryEnv } from '@dr/contracts/system';

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Settings {
  readonly region: string;
  readonly awsRegion: string;
  readonly system: string;
  readonly table: string;
  readonly peers: readonly Peer[];
}

/** Throws InputError that names the variable. */
export function required(variables: Variables, name: string): string {
  const value = variables[name];
  if (value) return value;
  throw new InputError(`environment variable ${name}`, 'is not set', 'Deploy the function with the stack that sets it');
}

export function readSettings(variables: Variables): Settings {
  return {
    region: required(variables, ENV.region),
    awsRegion: required(variables, 'AWS_REGION'),
    system: required(variables, ENV.system),
    table: required(variables, ENV.table),
    peers: parsed<readonly Peer[]>(variables, ENV.peers, Array.isArray),
  };
}

export const readRecovery = (variables: Variables): RecoveryEnv =>
  parsed<RecoveryEnv>(variables, ENV.recovery, (value) => typeof value === 'object' && value !== null);

function parsed<T>(variables: Variables, name: string, fits: (value: unknown) => boolean): T {
  const text = required(variables, name);
  try {
    const value: unknown = JSON.parse(text);
    if (fits(value)) return value as T;
  } catch (cause) {
    throw new InputError(`environment variable ${name}`, 'is not JSON', 'Deploy the stack again', { cause });
  }
  throw new InputError(`environment variable ${name} = ${text}`, 'has the wrong shape', 'Deploy the stack again');
}

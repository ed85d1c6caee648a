// What Terraform's state says of regions: the provider aliases it holds resources of, and the AWS region of each.
import { InputError } from '@dr/contracts';
import { isObject, type Json } from './normalise';

const STATE_VERSION = 4;
const ALIAS = /^provider\["[^"]*\/aws"\]\.([\w-]+)$/;
const SOURCE = 'terraform state pull';

/** Provider alias -> AWS region, by the ARNs in a `terraform state pull`; empty where nothing is applied. Throws InputError. */
export function appliedRegions(state: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const resource of resourcesOf(state)) {
    const alias = ALIAS.exec(String(resource['provider']))?.[1];
    const awsRegion = alias === undefined || found.has(alias) ? undefined : regionIn(resource);
    if (alias !== undefined && awsRegion !== undefined) found.set(alias, awsRegion);
  }
  return found;
}

function resourcesOf(text: string): Record<string, Json>[] {
  if (text.trim() === '') return [];
  const refuse = (why: string, cause?: unknown): never => {
    throw new InputError('the applied state', why, `Give what \`${SOURCE}\` prints`, { cause });
  };
  let state: Json;
  try {
    state = JSON.parse(text) as Json;
  } catch (cause) {
    return refuse('is not JSON', cause);
  }
  if (!isObject(state) || state['version'] !== STATE_VERSION) return refuse(`is no state of version ${STATE_VERSION}`);
  return list(state['resources'])
    .filter(isObject)
    .filter(({ mode }) => mode === 'managed');
}

/** The region in an ARN of one of the resource's instances: `arn:aws:<service>:<region>:...`. */
function regionIn(resource: Record<string, Json>): string | undefined {
  for (const instance of list(resource['instances'])) {
    const attributes = isObject(instance) ? instance['attributes'] : undefined;
    const arn = isObject(attributes) ? attributes['arn'] : undefined;
    const awsRegion = typeof arn === 'string' ? arn.split(':')[3] : undefined;
    if (awsRegion) return awsRegion;
  }
  return undefined;
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

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
    const awsRegion = regionIn(resource);
    if (alias !== undefined && awsRegion && !found.has(alias)) found.set(alias, awsRegion);
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
  const attributes = list(resource['instances']).map((one) => (isObject(one) ? one['attributes'] : undefined));
  const arns = attributes.map((one) => (isObject(one) ? one['arn'] : undefined));
  return arns.map((arn) => (typeof arn === 'string' ? arn.split(':')[3] : undefined)).find(Boolean);
}

const list = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

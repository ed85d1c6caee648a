// The item API's key on the twin: issued as `dr keys rotate` does on AWS, and read as clients are told it.
import type { Twin } from '@dr/twin';
import type { Operator } from '../../system-under-drill';

export interface ApiKeys {
  readonly current: string;
  readonly previous?: string;
}

/** Secrets that the stack declares are empty until somebody fills them. */
export function issueApiKey({ secrets, world }: Twin): void {
  if (secrets.names().length === 0) return;
  const current = world.random.stream('api-key').bytes(24).toString('hex');
  storeKeys({ names: () => secrets.names(), write: (name, value) => void secrets.setSecret(name, value) }, { current });
}

/** In all of the stack's secrets. */
export function storeKeys(secrets: Pick<Operator['secrets'], 'names' | 'write'>, keys: ApiKeys): void {
  for (const name of secrets.names()) secrets.write(name, JSON.stringify(keys));
}

/** undefined: the stack has no secret, so the API asks for no key. */
export function currentKey({ secrets }: Operator): string | undefined {
  const [name] = secrets.names();
  const stored = name === undefined ? undefined : secrets.read(name);
  return stored === undefined ? undefined : (JSON.parse(stored) as ApiKeys).current;
}

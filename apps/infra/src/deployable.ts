// What keeps a config from being deployed, though it can be drilled and reviewed: synth warns of it, `--deployable` refuses it.
import { InputError, reservedNamesOf } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';

/** In the order in which to mend them; empty for a config that may be deployed. */
const obstaclesOf = (config: DrConfig): readonly InputError[] => [...reservedNames(config), ...localState(config)];

/** One line for each obstacle. */
export const obstacleLines = (config: DrConfig): readonly string[] => obstaclesOf(config).map(({ message }) => message);

/** Throws one InputError that names all obstacles. */
export function checkDeployable(config: DrConfig): void {
  const obstacles = obstaclesOf(config);
  if (obstacles.length === 0) return;
  throw new InputError(
    'dr.config.ts may not be deployed',
    obstacles.map(({ what, why }) => `${what} ${why}`).join('; '),
    obstacles.map(({ fix }) => fix).join('. '),
  );
}

function reservedNames(config: DrConfig): InputError[] {
  const reserved = reservedNamesOf(config);
  if (reserved.length === 0) return [];
  const what = reserved.map(({ key, value }) => `${key} "${value}"`).join(', ');
  const why =
    `${reserved.length === 1 ? 'is a name' : 'are names'} set aside for documentation and tests (RFC 2606, RFC 6761): ` +
    'nobody can delegate such a zone, get its certificate or receive its mail';
  return [new InputError(what, why, 'Write names of your own')];
}

function localState({ state }: DrConfig): InputError[] {
  if (state.backend !== 'local') return [];
  const why =
    "keeps Terraform's state in the directory of one run: the next one, elsewhere, would create everything again and find no drift";
  return [
    new InputError('state.backend "local"', why, "Set state: { backend: 's3', bucket, region } as docs/state.md says"),
  ];
}

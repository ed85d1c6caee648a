// What keeps a config from being deployed, though it can be drilled and reviewed: synth warns of it, `--deployable` refuses it.
import { InputError, reservedNamesOf } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';

interface Obstacle {
  readonly what: string;
  readonly why: string;
  readonly fix: string;
}

/** In the order in which to mend them; empty for a config that may be deployed. */
export const obstaclesOf = (config: DrConfig): readonly Obstacle[] => [...reservedNames(config), ...localState(config)];

/** One line for each obstacle. */
export const obstacleLines = (config: DrConfig): readonly string[] =>
  obstaclesOf(config).map(({ what, why, fix }) => `${what}: ${why}. ${fix}`);

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

function reservedNames(config: DrConfig): Obstacle[] {
  const reserved = reservedNamesOf(config);
  if (reserved.length === 0) return [];
  return [
    {
      what: reserved.map(({ key, value }) => `${key} "${value}"`).join(', '),
      why: `${reserved.length === 1 ? 'is a name' : 'are names'} set aside for documentation and tests (RFC 2606, RFC 6761): nobody can delegate such a zone, get its certificate or receive its mail`,
      fix: 'Write names of your own',
    },
  ];
}

function localState({ state }: DrConfig): Obstacle[] {
  if (state.backend !== 'local') return [];
  return [
    {
      what: 'state.backend "local"',
      why: "keeps Terraform's state in the directory of one run: the next one, elsewhere, would create everything again and find no drift",
      fix: "Set state: { backend: 's3', bucket, region } as docs/state.md says",
    },
  ];
}

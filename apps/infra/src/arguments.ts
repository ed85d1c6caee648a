// The infra app's command line: `--routing X --rto N --out DIR --bundles DIR`, each optional.
import { InputError } from '@dr/contracts';
import type { DrConfigInput } from '@dr/contracts/config';
import { parseArgs } from 'node:util';

export interface Arguments {
  readonly outDirectory: string;
  readonly bundles: string;
  /** The config with what the command line says in place of it; the schema checks the values. */
  readonly override: (config: DrConfigInput) => unknown;
}

const DEFAULT_OUT = 'cdktf.out';
const DEFAULT_BUNDLES = 'dist';

/** `cdktfOut`: where cdktf's own command line wants the output, if it is the caller. */
export function parseArguments(argv: readonly string[], cdktfOut: string | undefined): Arguments {
  const values = parse(argv);
  return {
    outDirectory: values.out ?? cdktfOut ?? DEFAULT_OUT,
    bundles: values.bundles ?? DEFAULT_BUNDLES,
    override: (config) => ({
      ...config,
      ...(values.routing === undefined ? {} : { routing: values.routing }),
      ...(values.rto === undefined ? {} : { objectives: { ...config.objectives, rtoSeconds: Number(values.rto) } }),
    }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        routing: { type: 'string' },
        rto: { type: 'string' },
        out: { type: 'string' },
        bundles: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new InputError(
      `infra ${argv.join(' ')}`,
      'is not understood',
      'Use --routing latency|weighted|failover, --rto SECONDS, --out DIR, --bundles DIR',
      { cause },
    );
  }
}

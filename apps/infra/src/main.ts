// Wiring of the infra app: dr.config.ts and the command line to Terraform JSON. cdktf.json's `app` runs this bundle.
import { asInputError, InputError } from '@dr/contracts';
import { fromConfigFile } from '@dr/contracts/system';
import { parseConfig, type DrConfig, type DrConfigInput } from '@dr/contracts/system/config';
import { readApplied } from './adapters/applied';
import { parseArguments, type Arguments } from './arguments';
import { checkDeployable, obstacleLines } from './deployable';
import { normalise } from './golden';
import { synthesize, synthesizeFirst, type Synthesis } from './synthesize';

const BAD_INPUT = 2;

async function main(): Promise<void> {
  const args = parseArguments(process.argv.slice(2), process.env['CDKTF_OUTDIR']);
  const config = await fromConfigFile(
    // eslint-disable-next-line @nx/enforce-module-boundaries -- the config is the user's file, at the root and in no project
    () => import('../../../dr.config'),
    (input: DrConfigInput) => parseConfig(args.override(input)),
  );
  // The bucket of the state is made while the config still says whatever it says of the rest.
  const obstacles = args.mode === 'state' ? 'ignore' : args.obstacles;
  if (obstacles === 'refuse') checkDeployable(config);
  const { json, warnings } = run(args, config);
  if (args.mode === 'golden') process.stdout.write(normalise(json));
  const doubts = obstacles === 'warn' ? obstacleLines(config).map((line) => `not deployable yet: ${line}`) : [];
  for (const warning of [...warnings, ...doubts]) console.error(`warning: ${warning}`);
}

// A signal ends the process once the synthesis, which never waits, has removed what it wrote aside. An ignored SIGXFSZ makes an error of
// a file that grows beyond `ulimit -f`.
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
  process.on(signal, () => process.exit(code));
process.on('SIGXFSZ', () => undefined);

main().catch((error: unknown) => {
  const input = error instanceof InputError ? error : asInputError(error);
  if (input === undefined) throw error;
  console.error(input.message);
  process.exitCode = BAD_INPUT;
});

function run({ mode, outDirectory, bundles, applied }: Arguments, config: DrConfig): Synthesis {
  switch (mode) {
    case 'state':
    case 'zone':
      return synthesizeFirst(mode, { config, outDirectory });
    case 'golden':
      return synthesize({ config, bundles, outDirectory: undefined });
    case 'synth':
      return synthesize({ config, bundles, outDirectory, applied: applied === undefined ? '' : readApplied(applied) });
  }
}

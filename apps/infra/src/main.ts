// Wiring of the infra app: dr.config.ts and the command line to Terraform JSON. cdktf.json's `app` runs this bundle.
import { InputError } from '@dr/contracts';
import { parseConfig } from '@dr/contracts/config';
// eslint-disable-next-line @nx/enforce-module-boundaries -- the config is the user's file, at the root and in no project
import input from '../../../dr.config';
import { parseArguments } from './arguments';
import { normalise } from './golden';
import { synthesize, synthesizeState } from './synthesize';

const BAD_INPUT = 2;

try {
  const { mode, outDirectory, bundles, override } = parseArguments(process.argv.slice(2), process.env['CDKTF_OUTDIR']);
  const config = parseConfig(override(input));
  const { json, warnings } =
    mode === 'state'
      ? synthesizeState({ config, outDirectory })
      : synthesize({ config, bundles, outDirectory: mode === 'golden' ? undefined : outDirectory });
  if (mode === 'golden') process.stdout.write(normalise(json));
  for (const warning of warnings) console.error(`warning: ${warning}`);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = BAD_INPUT;
}

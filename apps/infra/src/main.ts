// Wiring of the infra app: dr.config.ts and the command line to Terraform JSON. cdktf.json's `app` runs this bundle.
import { InputError } from '@dr/contracts';
import { parseConfig } from '@dr/contracts/config';
import config from '../../../dr.config';
import { parseArguments } from './arguments';
import { synthesize } from './synthesize';

const BAD_INPUT = 2;

try {
  const options = parseArguments(process.argv.slice(2), process.env['CDKTF_OUTDIR']);
  const { warnings } = synthesize({
    config: parseConfig(options.override(config)),
    outDirectory: options.outDirectory,
    bundles: options.bundles,
  });
  for (const warning of warnings) console.error(`warning: ${warning}`);
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = BAD_INPUT;
}

// Config to Terraform JSON: everything is checked and written aside first, so that bad input leaves nothing behind.
import { type FunctionCode, type Place } from '@dr/constructs';
import type { FunctionName } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/config';
import { selectSettings, type Selection } from '@dr/failover';
import { App, AssetType, TerraformAsset, type TerraformStack } from 'cdktf';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleDirectory, zipBundles } from './adapters/bundles';
import { DrStack } from './dr-stack';

export interface SynthesisProps {
  readonly config: DrConfig;
  /** Gets `manifest.json` and `stacks/dr/cdk.tf.json`. */
  readonly outDirectory: string;
  /** Holds `<function>/index.js` of each function. */
  readonly bundles: string;
}

export interface Synthesis {
  readonly selection: Selection;
  readonly warnings: readonly string[];
  readonly jsonPath: string;
}

export const STACK = 'dr';

/** Throws InputError for a config that cannot be built; then nothing is written. */
export function synthesize({ config, outDirectory, bundles }: SynthesisProps): Synthesis {
  const selection = selectSettings({
    rtoSeconds: config.objectives.rtoSeconds,
    apex: config.domain === config.zone,
    routing: config.routing,
    resolvers: config.options.resolvers,
    regions: config.regions.length,
    overrides: config.recovery,
  });
  const staging = mkdtempSync(join(tmpdir(), 'dr-synth-'));
  try {
    const app = new App({ outdir: join(staging, 'out') });
    const code = new CodeLibrary(config, bundles, staging);
    new DrStack(app, STACK, { config, selection, code: (stack, region) => code.of(stack, region) });
    app.synth();
    publish(join(staging, 'out'), outDirectory);
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
  return {
    selection,
    warnings: [...selection.warnings, ...configWarnings(config)],
    jsonPath: join(outDirectory, 'stacks', STACK, 'cdk.tf.json'),
  };
}

/** Replaces what a former synth left, but not Terraform's own files beside it (state, lock file, .terraform). */
function publish(from: string, to: string): void {
  rmSync(join(to, 'stacks', STACK, 'assets'), { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

const configWarnings = ({ options }: DrConfig): string[] =>
  options.auth === 'none' ? ['options.auth "none": anyone can read and write /items'] : [];

/** One zip and one asset per bundle directory and function, shared by the regions that release it. */
class CodeLibrary {
  private readonly codes = new Map<string, Readonly<Record<FunctionName, FunctionCode>>>();

  constructor(
    private readonly config: DrConfig,
    private readonly bundles: string,
    private readonly staging: string,
  ) {}

  of(stack: TerraformStack, region: Place['name']): Readonly<Record<FunctionName, FunctionCode>> {
    const released = this.config.release[region];
    const directory = bundleDirectory(released ?? this.bundles);
    const known = this.codes.get(directory);
    if (known) return known;
    const suffix = released === undefined ? '' : `_${region}`;
    const zips = zipBundles(directory, join(this.staging, `zips${suffix}`));
    const code = Object.fromEntries(
      Object.values(zips).map(({ functionName, file, hash }) => {
        const asset = new TerraformAsset(stack, `${functionName}${suffix}`, {
          path: file,
          type: AssetType.FILE,
        });
        return [functionName, { path: asset.path, hash }];
      }),
    ) as Record<FunctionName, FunctionCode>;
    this.codes.set(directory, code);
    return code;
  }
}

// Config to Terraform JSON: everything is checked and written aside first, so that bad input leaves nothing behind.
import { recoveryObjectiveOf, type DrConfig, type RegionConfig } from '@dr/contracts/system/config';
import { selectSettings } from '@dr/failover';
import { appliedRegions, parseStack } from '@dr/terraform-json';
import { App } from 'cdktf';
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addBackend, checkBackend } from './backend';
import { checkParity } from './checks/parity';
import { checkRules, ruleWarnings } from './checks/rules';
import type { StackJson } from './checks/stack-json';
import { CodeLibrary } from './code-library';
import { configWarnings } from './config-warnings';
import { DrStack } from './dr-stack';
import { StateStack, ZoneStack } from './first-stacks';

export interface SynthesisProps {
  readonly config: DrConfig;
  /** Gets `manifest.json` and `stacks/<stack>/cdk.tf.json`; undefined writes nothing. */
  readonly outDirectory: string | undefined;
  /** Holds `<function>/index.js` of each function. */
  readonly bundles: string;
  /** What `terraform state pull` prints. @default nothing is applied */
  readonly applied?: string | undefined;
}

export interface Synthesis {
  /** The text of cdk.tf.json. */
  readonly json: string;
  readonly warnings: readonly string[];
}

const STACK = 'dr';
const jsonPath = (stack: string): string => join('stacks', stack, 'cdk.tf.json');

/** Throws InputError for a config that cannot be built; then nothing is written. */
export function synthesize({ config, outDirectory, bundles, applied }: SynthesisProps): Synthesis {
  const selection = selectSettings(recoveryObjectiveOf(config));
  const advice: string[] = [];
  const json = staged(outDirectory, STACK, (app, staging) => {
    const code = new CodeLibrary(config, bundles, staging);
    const leaving = leavingRegions(config, applied ?? '');
    const stack = new DrStack(app, STACK, { config, selection, code: (s, region) => code.of(s, region), leaving });
    addBackend(stack, config);
    return (text) => {
      const parsed = JSON.parse(text) as StackJson;
      const graph = parseStack(parsed, '.');
      checkRules(graph);
      checkParity(parsed, config.regions);
      advice.push(...ruleWarnings(graph));
    };
  });
  return { json, warnings: [...selection.warnings, ...configWarnings(config), ...advice] };
}

const FIRST_STACKS = { state: StateStack, zone: ZoneStack };

export function synthesizeFirst(
  stack: keyof typeof FIRST_STACKS,
  { config, outDirectory }: Omit<SynthesisProps, 'bundles'>,
): Synthesis {
  checkBackend(config);
  const json = staged(outDirectory, stack, (app) => {
    new FIRST_STACKS[stack](app, stack, config);
    return () => undefined;
  });
  return { json, warnings: [] };
}

/** Regions that are applied and that the config no longer names. */
const leavingRegions = ({ regions }: DrConfig, applied: string): RegionConfig[] =>
  [...appliedRegions(applied)]
    .filter(([name]) => !regions.some((region) => region.name === name))
    .map(([name, awsRegion]) => ({ name, awsRegion }));

/** Builds in a temporary directory, checks what came out, then publishes. Returns the JSON's text. */
function staged(
  outDirectory: string | undefined,
  stack: string,
  build: (app: App, staging: string) => (json: string) => void,
): string {
  const staging = mkdtempSync(join(tmpdir(), 'dr-synth-'));
  try {
    const out = join(staging, 'out');
    // cdktf's own validations run an installed Terraform to ask for its version: a synthesis needs none, and `required_version` says it.
    const app = new App({ outdir: out, skipValidation: true });
    const check = build(app, staging);
    app.synth();
    const json = readFileSync(join(out, jsonPath(stack)), 'utf8');
    check(json);
    if (outDirectory !== undefined) publish(out, outDirectory, stack);
    return json;
  } finally {
    rmSync(staging, { recursive: true, force: true });
  }
}

/** Replaces what a former synth left, but not Terraform's own files beside it (state, lock file, .terraform). */
function publish(from: string, to: string, stack: string): void {
  rmSync(join(to, 'stacks', stack, 'assets'), { recursive: true, force: true });
  cpSync(from, to, { recursive: true });
}

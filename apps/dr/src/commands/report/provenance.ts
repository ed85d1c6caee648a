// Where a run comes from, as its log, its result and its report record it.
import { frontName } from '@dr/contracts';
import type { RunningStack } from '@dr/drills';
import type { Settings } from '@dr/player';
import { MAX_TERRAFORM_JSON_BYTES } from '@dr/terraform-json';
import { createHash } from 'node:crypto';
import type { Context } from '../../context';

export type Provenance = ReturnType<typeof provenanceOf>;
export type Origin = ReturnType<typeof originOf>;

/** Of what is written now. `stackFiles`: the Terraform JSON that ran. `declaration`: the text of it, of a system that was declared. */
export const provenanceOf = (context: Context, stackFiles: readonly string[], declaration?: string) => ({
  ...originOf(context, stackFiles, declaration),
  writtenAt: context.now().toISOString(),
});

/** The same without a date. */
export function originOf(context: Context, stackFiles: readonly string[], declaration?: string) {
  const { processes, configFile, version } = context;
  const configSha256 = declaration === undefined ? configFile.sha256() : undefined;
  const stack = createHash('sha256');
  for (const file of stackFiles) stack.update(processes.readFile('--stack', file, MAX_TERRAFORM_JSON_BYTES));
  return {
    program: `dr ${version}`,
    commit: processes.commit(),
    checkout: processes.checkout(),
    ...(configSha256 === undefined ? {} : { configSha256 }),
    ...(declaration === undefined ? {} : { declarationSha256: createHash('sha256').update(declaration).digest('hex') }),
    stackSha256: stack.digest('hex'),
  };
}

/** The settings that decide, as the stack itself has them. */
export function settingsOf({ world, routing, settings }: RunningStack, objective: Settings['objective']): Settings {
  const { intervalSeconds, failureThreshold, ttlSeconds, accelerator } = settings;
  const regions = world.regions.map(({ name, awsRegion }) => ({ name, awsRegion }));
  return {
    regions,
    routing: frontName(routing, accelerator),
    intervalSeconds,
    failureThreshold,
    ttlSeconds,
    objective,
  };
}

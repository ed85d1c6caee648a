// Where a run comes from, as its log, its result and its report record it.
import type { RunningStack } from '@dr/drills';
import type { Settings } from '@dr/player';
import { MAX_TERRAFORM_JSON_BYTES } from '@dr/terraform-json';
import { createHash } from 'node:crypto';
import type { Context } from '../../context';

export type Provenance = ReturnType<typeof provenanceOf>;
export type Origin = ReturnType<typeof originOf>;

/** Of what is written now. `stackFile`: the Terraform JSON that ran. */
export const provenanceOf = (context: Context, stackFile: string) => ({
  ...originOf(context, stackFile),
  writtenAt: context.now().toISOString(),
});

/** The same without a date. */
export function originOf(context: Context, stackFile: string) {
  const { processes, configFile, version } = context;
  const configSha256 = configFile.sha256();
  const stack = processes.readFile('--stack', stackFile, MAX_TERRAFORM_JSON_BYTES);
  return {
    program: `dr ${version}`,
    commit: processes.commit(),
    checkout: processes.checkout(),
    ...(configSha256 === undefined ? {} : { configSha256 }),
    stackSha256: createHash('sha256').update(stack).digest('hex'),
  };
}

/** The settings that decide, as the stack itself has them. */
export function settingsOf({ world, routing, settings }: RunningStack, objective: Settings['objective']): Settings {
  const { intervalSeconds, failureThreshold, ttlSeconds } = settings;
  const regions = world.regions.map(({ name, awsRegion }) => ({ name, awsRegion }));
  return { regions, routing, intervalSeconds, failureThreshold, ttlSeconds, objective };
}

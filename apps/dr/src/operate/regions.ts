// The regions that a command names, looked up in dr.config.ts.
import { InputError } from '@dr/contracts';
import type { DrConfig, RegionConfig } from '@dr/contracts/system/config';

/** Throws InputError when the config has no region of that name. */
export function regionNamed(config: DrConfig, option: string, name: string): RegionConfig {
  const found = config.regions.find((region) => region.name === name);
  if (found) return found;
  const fix = `Use one of ${config.regions.map((region) => region.name).join(', ')}`;
  throw new InputError(`--${option} "${name}"`, 'the system has no such region', fix);
}

// The functions' code as Terraform assets: one zip per bundle directory and function, shared by the regions that release it.
import type { FunctionCode } from '@dr/constructs';
import type { FunctionName } from '@dr/contracts/system';
import type { DrConfig } from '@dr/contracts/system/config';
import { AssetType, TerraformAsset, type TerraformStack } from 'cdktf';
import { join, resolve } from 'node:path';
import { zipBundles } from './adapters/bundles';

export type FunctionCodes = Readonly<Record<FunctionName, FunctionCode>>;

export class CodeLibrary {
  private readonly codes = new Map<string, FunctionCodes>();

  /** `bundles`: the directory for every region that `config.release` does not name. */
  constructor(
    private readonly config: DrConfig,
    private readonly bundles: string,
    private readonly staging: string,
  ) {}

  /** Throws InputError when a bundle is missing. */
  of(stack: TerraformStack, region: string): FunctionCodes {
    const released = this.config.release[region];
    const directory = resolve(released ?? this.bundles);
    const known = this.codes.get(directory);
    if (known) return known;
    const suffix = released === undefined ? '' : `_${region}`;
    const code = Object.fromEntries(
      Object.values(zipBundles(directory, join(this.staging, `zips${suffix}`))).map(({ functionName, file, hash }) => {
        const asset = new TerraformAsset(stack, `${functionName}${suffix}`, { path: file, type: AssetType.FILE });
        return [functionName, { path: asset.path, hash }];
      }),
    ) as Record<FunctionName, FunctionCode>;
    this.codes.set(directory, code);
    return code;
  }
}

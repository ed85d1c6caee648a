// Where Terraform keeps its state: a bucket outside of every region of the system, or a local file for drills and tests.
import { InputError } from '@dr/contracts';
import type { DrConfig } from '@dr/contracts/system/config';
import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';

/** The first Terraform in which the lock file in the bucket is no longer experimental. */
const TERRAFORM_VERSIONS = '>= 1.11.0';

/** `beside`: a stack whose state stands beside that of the main one. The path of a local state is named, because cdktf's own default is absolute. */
export function addBackend(stack: TerraformStack, config: DrConfig, beside?: string): void {
  const { state, system } = config;
  checkBackend(config);
  stack.addOverride('terraform.required_version', TERRAFORM_VERSIONS);
  if (state.backend === 'local') {
    new LocalBackend(stack, { path: 'terraform.tfstate' });
    return;
  }
  const key = state.key ?? `${system}/terraform.tfstate`;
  const own = beside === undefined ? key : keyBeside(key, beside);
  new S3Backend(stack, { bucket: state.bucket, key: own, region: state.region, encrypt: true });
  stack.addOverride('terraform.backend.s3.use_lockfile', true);
}

/** `dr/terraform.tfstate` -> `dr/terraform-zone.tfstate`: never the key itself. */
const keyBeside = (key: string, stack: string): string => key.replace(/(\.tfstate)?$/, `-${stack}$1`);

/** Throws InputError for a bucket whose loss would come together with the loss of a region it must help to restore. */
export function checkBackend({ state, regions }: DrConfig): void {
  if (state.backend === 'local') return;
  const what = `dr.config.ts: state.region = "${state.region}"`;
  const lost = regions.find((r) => r.awsRegion === state.region);
  if (lost) {
    throw new InputError(
      what,
      `is ${lost.name}, one of the regions whose loss the system must survive: no plan could run without its state`,
      'Keep the state in a third region, such as us-east-1',
    );
  }
}

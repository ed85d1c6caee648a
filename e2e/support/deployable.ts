// The system as it is deployed: names that are not reserved, the state in a bucket, and a zone that is there beforehand.
import type { EmulatedAws } from './emulated-aws';
import { Stack } from './stack';

export const BUCKET = 'dr-end-to-end-state';
export const ZONE = 'dr-end-to-end.net';
export const DOMAIN = `app.${ZONE}`;

/** Arguments of the infra app and of the scripts that call it. */
export const settings = (...of: readonly string[]): string[] => of.flatMap((setting) => ['--set', setting]);

export const UNPROTECTED = settings('options.protect=false');
export const IN_S3 = settings('state.backend="s3"', `state.bucket="${BUCKET}"`, 'state.region="us-east-1"');
export const OWN_NAMES = settings(`zone="${ZONE}"`, `domain="${DOMAIN}"`, `alerts={"emails":["ops@${ZONE}"]}`);
export const DEPLOYABLE = [...IN_S3, ...OWN_NAMES];

/** The zone of dr.config.ts with its state beside it, for tests that need no more of the groundwork. */
export async function applyZone(aws: EmulatedAws): Promise<void> {
  const args = ['--zone', ...settings('options.createZone=true'), ...UNPROTECTED];
  const zone = await Stack.synthesize('zone', args, aws.env);
  await zone.init();
  await zone.apply();
}

export interface Groundwork {
  readonly zone: Stack;
  /** What the emulator held when there was only the bucket. */
  readonly bucketAlone: Readonly<Record<string, number>>;
}

/** What docs/state.md has people apply once, before the system: the state's bucket and the zone. */
export async function layGroundwork(aws: EmulatedAws): Promise<Groundwork> {
  const bucket = await Stack.synthesize('state', ['--state', ...DEPLOYABLE, ...UNPROTECTED], aws.env);
  const zone = await Stack.synthesize(
    'zone',
    ['--zone', '--deployable', ...settings('options.createZone=true'), ...DEPLOYABLE, ...UNPROTECTED],
    aws.env,
  );
  await bucket.init();
  // The bucket alone: the provider watches a lifecycle for a minute, and e2e/state applies the whole.
  await bucket.apply('-target=aws_s3_bucket.state');
  const bucketAlone = await aws.inventory();
  await zone.init();
  await zone.apply();
  return { zone, bucketAlone };
}

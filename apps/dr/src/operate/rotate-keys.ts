// A new key for the item API while the one before stays good: on AWS, or rehearsed on the twin.
import { InputError } from '@dr/contracts';
import { apiKeySecretName } from '@dr/contracts/system';
import type { DrConfig, RegionConfig } from '@dr/contracts/system/config';
import { KEY_FORGOTTEN_WITHIN_SECONDS, KEY_KNOWN_WITHIN_SECONDS, rehearseRotation } from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../context';
import { orRefused, Refused, Unavailable, type StoredSecret } from './operator';
import { textField } from './text-field';

export interface RotateFlags {
  readonly target: 'aws' | 'twin';
  readonly show?: true;
  readonly seed: number;
  readonly json?: true;
}

const KEY_BYTES = 32;
const REPLICA_LIMIT_MS = 30_000;
const POLL_EVERY_MS = 2_000;

export async function rotate(context: Context, { show, json }: RotateFlags): Promise<number> {
  const { operator, out } = context;
  const config = context.config();
  refuseWithoutKeys(config);
  const [owner, ...others] = config.regions as [RegionConfig, ...RegionConfig[]];
  const name = apiKeySecretName(config.system);
  const secret = operator.secret(owner.awsRegion, name);
  const stored = await secret.read();
  const previous = stored === undefined ? undefined : currentOf(stored.text, name);
  const current = operator.randomText(KEY_BYTES);
  const text = JSON.stringify({ current, ...(previous === undefined ? {} : { previous }) });
  const versionId = await store(secret, text, stored?.versionId, name);
  if (json) {
    const replicas = await Promise.all(
      others.map(async (region) => {
        const found = await replicaState(context, region, name, versionId);
        return { region: region.name, has: found === HAS_IT, found };
      }),
    );
    const told = { schema: 1, target: 'aws', secret: name, first: previous === undefined, replicas };
    const key = show ? { key: current } : {};
    out(`${JSON.stringify({ ...told, knownWithinSeconds: KEY_KNOWN_WITHIN_SECONDS, ...key })}\n`);
    return 0;
  }
  out(
    previous === undefined
      ? `The first key of the item API is in the secret ${name} (${owner.name}).\n`
      : `A new key is in the secret ${name} (${owner.name}). The one before stays good until the next rotation; the one ` +
          `before that is refused within ${KEY_FORGOTTEN_WITHIN_SECONDS} s.\n`,
  );
  for (const region of others) out(`${region.name}: ${await replicaState(context, region, name, versionId)}\n`);
  out(
    `Every function knows it within ${KEY_KNOWN_WITHIN_SECONDS} s of its region's replica: hand it to clients after that. ` +
      (show ? `The key:\n${current}\n` : `Read it there (aws secretsmanager get-secret-value --secret-id ${name}).\n`),
  );
  out(renewalOf(config));
  return 0;
}

/** The token is Terraform's: this command cannot renew it, and whoever rotates keys should not forget it. */
const renewalOf = ({ options: { checkGeneration } }: DrConfig): string =>
  `The token of the health checks is another one. To renew it as well, set options.checkGeneration in dr.config.ts to ` +
  `${checkGeneration + 1} (now ${checkGeneration}) and deploy (docs/operations.md, "The checkers' token").\n`;

/** A second rotation after one that was taken unheard would refuse the key that clients use. */
async function store(secret: StoredSecret, text: string, replaces: string | undefined, name: string): Promise<string> {
  const versionId = await orRefused(
    secret.write(text, replaces),
    ', so the new key may have been stored or not. Look at the secret before you rotate again: each rotation ends the key ' +
      'before the previous one.',
  );
  if (versionId !== undefined) return versionId;
  throw new Refused(
    `Somebody else has rotated the keys in secret ${name} meanwhile, so this rotation was not done: the key it made is in nobody's ` +
      'hands. Rotate again only if the one of before must die: each rotation ends the key before the previous one.',
  );
}

function refuseWithoutKeys({ options }: DrConfig): void {
  if (options.auth === 'key') return;
  throw new InputError(
    `dr.config.ts: options.auth = "${options.auth}"`,
    'makes an item API without keys, so there is none to rotate',
    "Set it to 'key' and apply the stack first",
  );
}

/** Throws InputError for a value that is not ours: it is not for us to overwrite. */
function currentOf(text: string, name: string): string {
  const current = textField(text, 'current');
  if (current !== undefined && current !== '') return current;
  throw new InputError(
    `secret ${name}`,
    'holds something that is not {"current": "<key>", "previous": "<key>"}, and would be lost',
    'Look at it, and store {"current": "<any key>"} if it is of no use',
  );
}

const HAS_IT = 'its replica of the secret has it';

/** Secrets Manager copies a new version to the replicas by itself; this only looks. */
async function replicaState(
  { operator, wallMs }: Context,
  { awsRegion }: RegionConfig,
  name: string,
  versionId: string,
): Promise<string> {
  const replica = operator.secret(awsRegion, name);
  const startedMs = wallMs();
  try {
    while ((await replica.read())?.versionId !== versionId) {
      if (wallMs() - startedMs >= REPLICA_LIMIT_MS) return 'its replica of the secret does not have it yet';
      await operator.sleep(POLL_EVERY_MS);
    }
    return HAS_IT;
  } catch (error) {
    if (!(error instanceof Unavailable || error instanceof InputError)) throw error;
    return `its replica of the secret was not read (${error.message})`;
  }
}

export async function rehearse(context: Context, { show, seed, json }: RotateFlags): Promise<number> {
  if (show) {
    throw new InputError('--show with --target twin', 'the keys of a twin open nothing', 'Leave --show out');
  }
  refuseWithoutKeys(context.config());
  const graph = readStack(await context.synthesize([], context.temporaryDirectory()));
  const twin = await context.startTwin({ graph, seed });
  const report = await rehearseRotation(twin);
  if (json) {
    context.out(`${JSON.stringify({ schema: 1, target: 'twin', ...report })}\n`);
    return report.passed ? 0 : 1;
  }
  const spans = (of: Readonly<Record<string, number>>): string =>
    Object.entries(of)
      .map(([region, seconds]) => `${region} ${seconds.toFixed(1)} s`)
      .join(', ');
  context.out(
    `The twin issues a key of its own at its start, and nothing outside this process is changed. Rehearsed on the twin of the\n` +
      `synthesized stack, two rotations in ${report.virtualSeconds} virtual seconds:\n` +
      `  requests with a good key             ${report.requests}, ${report.failed} failed, ${report.refused} of them with 401\n` +
      `  new key refused after the rotation   for ${spans(report.newKeyRefusedForSeconds)} (limit ${KEY_KNOWN_WITHIN_SECONDS} s)\n` +
      `  key of two rotations ago accepted    for ${spans(report.oldKeyAcceptedForSeconds)} (limit ${KEY_FORGOTTEN_WITHIN_SECONDS} s)\n` +
      `  guessed keys                         ${report.guesses.sent} tried, ${report.guesses.succeeded} accepted\n` +
      `${report.passed ? 'PASSED' : `FAILED: ${report.reasons.join('; ')}`}\n`,
  );
  return report.passed ? 0 : 1;
}

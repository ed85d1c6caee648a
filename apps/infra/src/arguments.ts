// The infra app's command line.
import { InputError, ROUTINGS } from '@dr/contracts';
import type { DrConfigInput } from '@dr/contracts/system/config';
import { parseArgs } from 'node:util';

export type Arguments = ReturnType<typeof parseArguments>;

const DEFAULT_OUT = 'cdktf.out';
const DEFAULT_BUNDLES = 'dist';
const USAGE = `Use --routing ${ROUTINGS.join('|')}, --rto SECONDS, --out DIR, --bundles DIR, --set KEY=VALUE (any key of dr.config.ts, as in options.protect=false), --applied STATE, --deployable or --simulate, and one of --golden, --state and --zone`;

/** `cdktfOut`: where cdktf's own command line wants the output, if it is the caller. Throws InputError. */
export function parseArguments(argv: readonly string[], cdktfOut: string | undefined) {
  const values = parse(argv);
  const jobs = (['golden', 'state', 'zone'] as const).filter((job) => values[job]);
  if (jobs.length > 1) throw new InputError(`infra --${jobs.join(' --')}`, 'are different jobs', USAGE);
  if (values.deployable && values.simulate) {
    throw new InputError('infra --deployable --simulate', 'contradict each other', USAGE);
  }
  return {
    outDirectory: values.out ?? cdktfOut ?? DEFAULT_OUT,
    bundles: values.bundles ?? DEFAULT_BUNDLES,
    /** `golden`: the normalised JSON on stdout. `state`, `zone`: the stack of the state's bucket, or of the zone, instead. */
    mode: jobs[0] ?? ('synth' as const),
    obstacles: obstaclesIn(values),
    /** File with what `terraform state pull` printed: regions in it keep their provider. */
    applied: values.applied,
    /** The config with what the command line says in place of it; the schema checks the values. */
    override: (config: DrConfigInput): unknown =>
      (values.set ?? []).reduce<object>(withSetting, {
        ...config,
        // Another routing than the config's has no use for its shares.
        ...(values.routing === undefined ? {} : { routing: values.routing }),
        ...(values.routing === undefined || values.routing === 'weighted' ? {} : { weights: undefined }),
        ...(values.rto === undefined ? {} : { objectives: { ...config.objectives, rtoSeconds: Number(values.rto) } }),
      }),
  };
}

/** What is done about a config that may not be deployed. */
function obstaclesIn({ deployable, simulate, golden }: ReturnType<typeof parse>): 'refuse' | 'warn' | 'ignore' {
  if (deployable) return 'refuse';
  return simulate || golden ? 'ignore' : 'warn';
}

function parse(argv: readonly string[]) {
  try {
    const { values, tokens } = parseArgs({
      args: [...argv],
      options: {
        routing: { type: 'string' },
        rto: { type: 'string' },
        out: { type: 'string' },
        bundles: { type: 'string' },
        golden: { type: 'boolean' },
        state: { type: 'boolean' },
        zone: { type: 'boolean' },
        deployable: { type: 'boolean' },
        simulate: { type: 'boolean' },
        applied: { type: 'string' },
        set: { type: 'string', multiple: true },
      },
      tokens: true,
    });
    checkOnce(tokens.flatMap((token) => (token.kind === 'option' && token.name !== 'set' ? [token] : [])));
    return values;
  } catch (cause) {
    if (cause instanceof InputError) throw cause;
    throw new InputError(`infra ${argv.join(' ')}`, 'is not understood', USAGE, { cause });
  }
}

/** Throws InputError for an option that takes one value and is given twice: which one was meant? */
function checkOnce(given: readonly { readonly name: string; readonly value: string | undefined }[]): void {
  const again = given.find(
    ({ name, value }, at) => value !== undefined && given.findIndex((one) => one.name === name) < at,
  );
  if (again) throw new InputError(`infra --${again.name}`, 'is given twice, and takes one value', 'Give it once');
}

/** `options.protect=false`: the value is JSON where it reads as JSON, else text. */
function withSetting(config: object, setting: string): object {
  const at = setting.indexOf('=');
  if (at < 1) throw new InputError(`infra --set ${setting}`, 'sets nothing', USAGE);
  return withValue(config, setting.slice(0, at).split('.'), jsonOrText(setting.slice(at + 1)));
}

function withValue(config: object, [key = '', ...rest]: readonly string[], value: unknown): object {
  if (rest.length === 0) return { ...config, [key]: value };
  const inner: unknown = Object.entries(config).find(([name]) => name === key)?.[1];
  return { ...config, [key]: withValue(typeof inner === 'object' && inner !== null ? inner : {}, rest, value) };
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

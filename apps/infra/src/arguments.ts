// The infra app's command line.
import { InputError } from '@dr/contracts';
import type { DrConfigInput } from '@dr/contracts/config';
import { parseArgs } from 'node:util';

export interface Arguments {
  readonly outDirectory: string;
  readonly bundles: string;
  /** `golden`: the normalised JSON on stdout. `state`: the stack of the state's bucket instead. */
  readonly mode: 'synth' | 'golden' | 'state';
  /** The config with what the command line says in place of it; the schema checks the values. */
  readonly override: (config: DrConfigInput) => unknown;
}

const DEFAULT_OUT = 'cdktf.out';
const DEFAULT_BUNDLES = 'dist';
const USAGE =
  'Use --routing latency|weighted|failover, --rto SECONDS, --out DIR, --bundles DIR, --set KEY=VALUE (any key of dr.config.ts, as in options.protect=false), and --golden or --state alone';

/** `cdktfOut`: where cdktf's own command line wants the output, if it is the caller. Throws InputError. */
export function parseArguments(argv: readonly string[], cdktfOut: string | undefined): Arguments {
  const values = parse(argv);
  if (values.golden && values.state) throw new InputError('infra --golden --state', 'are two different jobs', USAGE);
  return {
    outDirectory: values.out ?? cdktfOut ?? DEFAULT_OUT,
    bundles: values.bundles ?? DEFAULT_BUNDLES,
    mode: values.golden ? 'golden' : values.state ? 'state' : 'synth',
    override: (config) =>
      (values.set ?? []).reduce<object>(withSetting, {
        ...config,
        ...(values.routing === undefined ? {} : { routing: values.routing }),
        ...(values.rto === undefined ? {} : { objectives: { ...config.objectives, rtoSeconds: Number(values.rto) } }),
      }),
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      options: {
        routing: { type: 'string' },
        rto: { type: 'string' },
        out: { type: 'string' },
        bundles: { type: 'string' },
        golden: { type: 'boolean' },
        state: { type: 'boolean' },
        set: { type: 'string', multiple: true },
      },
    }).values;
  } catch (cause) {
    throw new InputError(`infra ${argv.join(' ')}`, 'is not understood', USAGE, { cause });
  }
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

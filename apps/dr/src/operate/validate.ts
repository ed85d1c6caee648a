// A comparison of replicas, followed to its end: by the function of the applied system, or by that of a twin.
import { InputError } from '@dr/contracts';
import { lambdaName, LIVE_ALIAS } from '@dr/contracts/system';
import type { RegionConfig } from '@dr/contracts/system/config';
import type { ValidationReport } from '@dr/consistency';
import { underLoad } from '@dr/drills';
import { readStack } from '@dr/terraform-json';
import type { Context } from '../context';
import { liveLine } from '../terminal/live-line';
import { regionNamed } from './regions';
import { followRun, type Validator } from './validate-follow';
import { renderValidation, validationLine } from './validate-text';

export interface ValidateFlags {
  readonly region?: string;
  readonly target: 'aws' | 'twin';
  readonly seed: number;
  readonly json?: true;
}

const FUNCTION = 'data-consistency-validator';

export async function validate(context: Context, { region: name, target, seed, json }: ValidateFlags): Promise<number> {
  const config = context.config();
  const region = name === undefined ? (config.regions[0] as RegionConfig) : regionNamed(config, 'region', name);
  const validator =
    target === 'twin'
      ? await onTwin(context, region, seed)
      : onAws(context, lambdaName(config.system, FUNCTION), region);
  const startedMs = validator.now();
  const shown = liveLine(context);
  let report: ValidationReport;
  try {
    report = await followRun(validator, (now) => shown.show(validationLine(now)));
  } finally {
    shown.end();
  }
  context.out(json ? `${JSON.stringify(report)}\n` : renderValidation(report, (validator.now() - startedMs) / 1000));
  return report.passed ? 0 : 1;
}

function onAws({ operator }: Context, name: string, { awsRegion, name: region }: RegionConfig): Validator {
  const fn = operator.liveFunction(awsRegion, name);
  return {
    region,
    invoke: async (event) => reportOf(await fn.invoke(event), `${name} in ${awsRegion}`),
    now: () => operator.now(),
    sleep: (ms) => operator.sleep(ms),
  };
}

/** Time is the twin's: it passes while the function works, and while we wait. */
async function onTwin(context: Context, { name: region }: RegionConfig, seed: number): Promise<Validator> {
  const graph = readStack(await context.synthesize([], context.temporaryDirectory()));
  const twin = await context.startTwin({ graph, seed });
  await underLoad(twin);
  const { scheduler } = twin.world;
  return {
    region,
    invoke: async (event) =>
      reportOf(await twin.operator.invoke(region, FUNCTION, LIVE_ALIAS, event), `${FUNCTION} of the twin's ${region}`),
    now: () => scheduler.now(),
    sleep: (ms) => scheduler.runUntil(scheduler.now() + ms),
  };
}

/** The function of an older release answers otherwise. */
function reportOf(answer: unknown, who: string): ValidationReport {
  const report = answer as ValidationReport | null;
  if (report?.schema === 2 && Array.isArray(report.peers)) return report;
  const fix = 'Apply the stack of the same version first';
  throw new InputError(who, 'answers in a form that this tool does not know', fix);
}

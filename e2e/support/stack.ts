// A synthesized stack in a directory of its own, and Terraform on it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { run, type CommandResult } from './command';

export const ROOT = resolve(__dirname, '..', '..');

const TIMEOUT_SECONDS = 300;

export interface Resource {
  readonly address: string;
  readonly type: string;
  readonly values: Readonly<Record<string, unknown>>;
}

export interface Change {
  readonly address: string;
  readonly actions: readonly string[];
  /** Attributes whose value differs or is not known yet. */
  readonly attributes: readonly string[];
}

interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Readonly<Record<string, unknown>> | null;
      readonly after: Readonly<Record<string, unknown>> | null;
      readonly after_unknown: Readonly<Record<string, unknown>>;
    };
  }[];
}

/** The stack as it is, but with one exact provider version where the run asks for one. */
function pinProvider(directory: string): void {
  const version = process.env['DR_AWS_PROVIDER_VERSION'];
  if (!version) return;
  const terraform = { required_providers: { aws: { source: 'aws', version: `= ${version}` } } };
  writeFileSync(join(directory, 'provider_override.tf.json'), JSON.stringify({ terraform }));
}

/** A directory that scripts/e2e.mjs removes. */
export const temporaryDirectory = (): string => mkdtempSync(join(process.env['DR_E2E_DIRECTORY'] ?? '', 'stack-'));

export class Stack {
  private constructor(
    /** What cdktf calls the output. */
    readonly out: string,
    readonly directory: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** `args`: of the infra app, beside --out. */
  static async synthesize(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Stack> {
    const out = temporaryDirectory();
    await run('node', ['dist/infra/main.js', '--out', out, ...args], { cwd: ROOT, env, timeoutSeconds: 60 });
    const directory = join(out, 'stacks', name);
    pinProvider(directory);
    return new Stack(out, directory, env);
  }

  terraform(args: readonly string[], exitCodes: readonly number[] = [0]): Promise<CommandResult> {
    const [verb = '', ...rest] = args;
    return run('terraform', [verb, '-no-color', ...rest], {
      cwd: this.directory,
      env: this.env,
      exitCodes,
      timeoutSeconds: TIMEOUT_SECONDS,
    });
  }

  init = (): Promise<CommandResult> => this.terraform(['init', '-input=false']);

  apply = (...args: string[]): Promise<CommandResult> =>
    this.terraform(['apply', '-input=false', '-auto-approve', ...args]);

  destroy = (...args: string[]): Promise<CommandResult> =>
    this.terraform(['destroy', '-input=false', '-auto-approve', ...args]);

  /** What Terraform would do now. */
  async plan(...args: string[]): Promise<readonly Change[]> {
    await this.terraform(['plan', '-input=false', '-out=tfplan', ...args]);
    const plan = JSON.parse((await this.terraform(['show', '-json', 'tfplan'])).stdout) as PlanJson;
    return (plan.resource_changes ?? [])
      .filter(({ change }) => change.actions.join() !== 'no-op')
      .map(({ address, change: { actions, before, after, after_unknown: unknown } }) => ({
        address,
        actions,
        attributes: [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {}), ...Object.keys(unknown)])]
          .filter((name) => name in unknown || JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]))
          .sort(),
      }));
  }

  /** Addresses of every resource of the JSON, data sources left out. */
  declared(): string[] {
    const { resource } = JSON.parse(readFileSync(join(this.directory, 'cdk.tf.json'), 'utf8')) as {
      resource: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    };
    return Object.entries(resource)
      .flatMap(([type, all]) => Object.keys(all).map((id) => `${type}.${id}`))
      .sort();
  }

  /** The resources of the state. */
  async applied(): Promise<readonly Resource[]> {
    const { values } = JSON.parse((await this.terraform(['show', '-json'])).stdout) as {
      values?: { root_module: { resources?: readonly (Resource & { mode: string })[] } };
    };
    return (values?.root_module.resources ?? []).filter(({ mode }) => mode === 'managed');
  }
}

// `--progress FILE`: what a restore has read, planned and written is kept as it comes, so that one that was ended goes on where it was.
import type { OpenChunk, ValidationRun } from '@dr/consistency';
import { InputError } from '@dr/contracts';
import type { LineFile } from '../../context';
import type { ItemPlan, Outcome } from './item-plan';
import type { RestoreRequest } from './request';

type ScanState = ReturnType<ValidationRun['snapshot']>;

interface Header {
  readonly kind: 'restore';
  readonly schema: 1;
  readonly restore: Readonly<Record<'table' | 'awsRegion' | 'into' | 'to', string>> & { readonly keys: string | null };
}

/** `begin`: a comparison begins, in the place of those before. */
type Line =
  | { readonly kind: 'begin'; readonly startedAtMs: number }
  | { readonly kind: 'scan'; readonly state: ScanState; readonly open: readonly OpenChunk[] }
  | { readonly kind: 'items'; readonly items: readonly ItemPlan[] }
  | { readonly kind: 'planned' }
  | { readonly kind: 'wrote'; readonly outcomes: readonly (readonly [id: string, outcome: Outcome])[] };

const KINDS: readonly string[] = ['begin', 'scan', 'items', 'planned', 'wrote'] satisfies readonly Line['kind'][];

export class Progress {
  private begun: number | undefined;
  private state: ScanState | undefined;
  private chunks: OpenChunk[] = [];
  private plans: ItemPlan[] = [];
  private isPlanned = false;
  private readonly done = new Map<string, Outcome>();
  private isNew: boolean;

  /** Throws InputError for a file of another restore, or of none. `file` undefined: nothing is kept. */
  constructor(
    private readonly header: Header['restore'],
    private readonly file: LineFile | undefined,
    what: string,
  ) {
    const [first, ...rest] = file?.lines ?? [];
    this.isNew = first === undefined;
    if (first !== undefined) checkHeader(first, header, what);
    else if (file && !this.headerLine().startsWith(file.torn)) refuseOther(what);
    for (const [at, text] of rest.entries()) this.apply(lineOf(text, `${what}, line ${at + 2}`));
  }

  /** A plan was made to its end, and may be carried out. */
  get complete(): boolean {
    return this.isPlanned;
  }

  /** Something of a plan is there, and not all of it. */
  get open(): boolean {
    return this.begun !== undefined && !this.isPlanned;
  }

  begin(nowMs: number): void {
    this.keep({ kind: 'begin', startedAtMs: nowMs });
  }

  get startedAtMs(): number {
    if (this.begun === undefined) throw new Error('no comparison has begun');
    return this.begun;
  }

  get scanned(): { readonly state: ScanState | undefined; readonly chunks: readonly OpenChunk[] } {
    return { state: this.state, chunks: this.chunks };
  }

  scan(state: ScanState, open: readonly OpenChunk[]): void {
    this.keep({ kind: 'scan', state, open });
  }

  /** How many items have been looked at. */
  get looked(): number {
    return this.plans.length;
  }

  get items(): readonly ItemPlan[] {
    return this.plans;
  }

  planned(items: readonly ItemPlan[]): void {
    this.keep({ kind: 'items', items });
  }

  endPlan(): void {
    if (!this.isPlanned) this.keep({ kind: 'planned' });
  }

  get outcomes(): ReadonlyMap<string, Outcome> {
    return this.done;
  }

  wrote(outcomes: readonly (readonly [string, Outcome])[]): void {
    this.keep({ kind: 'wrote', outcomes });
  }

  private keep(line: Line): void {
    if (this.isNew) this.file?.append(this.headerLine());
    this.isNew = false;
    this.file?.append(JSON.stringify(line));
    this.apply(line);
  }

  private headerLine(): string {
    return JSON.stringify({ kind: 'restore', schema: 1, restore: this.header } satisfies Header);
  }

  private apply(line: Line): void {
    switch (line.kind) {
      case 'begin':
        this.begun = line.startedAtMs;
        this.state = undefined;
        this.isPlanned = false;
        [this.chunks, this.plans] = [[], []];
        this.done.clear();
        return;
      case 'scan':
        this.state = line.state;
        this.chunks.push(...line.open);
        return;
      case 'items':
        this.plans.push(...line.items);
        return;
      case 'planned':
        this.isPlanned = true;
        return;
      case 'wrote':
        for (const [id, outcome] of line.outcomes) this.done.set(id, outcome);
    }
  }
}

export const progressOf = (
  { table, region, into, toMs, idsSha256 }: RestoreRequest,
  file: LineFile | undefined,
  path = '',
): Progress => {
  const to = new Date(toMs).toISOString();
  return new Progress({ table, awsRegion: region.awsRegion, into, to, keys: idsSha256 }, file, `--progress "${path}"`);
};

function checkHeader(line: string, restore: Header['restore'], what: string): void {
  const { kind, schema, restore: kept } = (objectIn(line) ?? {}) as Partial<Header>;
  if (kind !== 'restore' || schema !== 1 || typeof kept !== 'object' || kept === null) return refuseOther(what);
  const differs = (Object.keys(restore) as (keyof typeof restore)[]).find((key) => restore[key] !== kept[key]);
  if (differs === undefined) return;
  const said = (of: Header['restore']): string => of[differs] ?? 'none';
  throw new InputError(
    what,
    `is of another restore: its ${differs} is ${said(kept)}, and this one's is ${said(restore)}`,
    'Ask for the same restore to go on with it, or name another file',
  );
}

function refuseOther(what: string): never {
  throw new InputError(
    what,
    'holds something else than the progress of a restore',
    'Name another file, or move that one',
  );
}

function lineOf(text: string, what: string): Line {
  const line = objectIn(text);
  if (line && KINDS.includes(String(line['kind']))) return line as Line;
  throw new InputError(what, 'is not what a restore has written', 'Move the file away, and begin the restore anew');
}

function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

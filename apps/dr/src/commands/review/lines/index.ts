// The line of the repository at which a finding can be shown: the block of its resource, or the program's line that makes it.
import type { Review, ReviewFinding } from '@dr/review';
import { Constructs } from './constructs';
import { blocksIn, type Blocks, type ModuleCall, type ResourceBlock } from './hcl';
import { folderOf, keyOf, parsedAddress, type Place, type SourceFile } from './place';
import { blocksInJson, type JsonBlocks } from './terraform-json';

export type { SourceFile } from './place';

/** Files in which blocks or constructs may stand; tests make constructs of their own. */
export const isSource = (name: string): boolean =>
  /\.tf(\.json)?$/.test(name) || (/\.tsx?$/.test(name) && !/\.(d|test|spec)\.tsx?$/.test(name));

export class SourceLines {
  private readonly blocks = new Map<string, ResourceBlock[]>();
  private readonly calls: ModuleCall[] = [];
  private readonly constructPaths = new Map<string, string>();
  private readonly constructs: Constructs;

  private readonly homes: readonly string[];

  /**
   * `given` are the files that are reviewed: they may tell from which constructs they were made, and a plan that lies beside one of
   * several blocks of its resource is of that one.
   */
  constructor(files: readonly SourceFile[], given: readonly SourceFile[] = []) {
    this.homes = given.map(({ path }) => folderOf(normalised(path)));
    for (const file of files) {
      if (file.path.endsWith('.tf')) this.add(file, blocksIn(file));
      else if (file.path.endsWith('.tf.json')) this.addJson(file);
    }
    for (const file of given) if (file.path.endsWith('.tf.json')) this.addConstructs(blocksInJson(file));
    this.constructs = new Constructs(files.filter(({ path }) => /\.tsx?$/.test(path)));
  }

  private add({ path }: SourceFile, { resources, calls }: Blocks): void {
    for (const one of resources) {
      const of = this.blocks.get(keyOf(one));
      if (of) of.push(one);
      else this.blocks.set(keyOf(one), [one]);
    }
    for (const one of calls) this.calls.push({ ...one, from: folderOf(path) });
  }

  private addJson(file: SourceFile): void {
    const found = blocksInJson(file);
    this.add(file, found);
    this.addConstructs(found);
  }

  private addConstructs({ constructs }: JsonBlocks): void {
    for (const one of constructs) this.constructPaths.set(keyOf(one), one.path);
  }

  /** undefined where it is not told, or might be more than one. */
  placeOf(address: string): Place | undefined {
    const parsed = parsedAddress(address);
    if (!parsed) return undefined;
    const key = keyOf(parsed);
    const construct = parsed.modules.length === 0 ? this.constructPaths.get(key) : undefined;
    if (construct !== undefined) return this.constructs.placeOf(construct, parsed);
    const found = this.blocks.get(key) ?? [];
    const fitting = found.filter(({ file }) => this.fits(folderOf(file), parsed.modules));
    if (fitting.length === 0 && this.isElsewhere(parsed.modules)) return undefined;
    const homes = parsed.from === undefined ? this.homes : [folderOf(normalised(parsed.from))];
    const atHome = (one: ResourceBlock): boolean =>
      this.rootsOf(folderOf(one.file), parsed.modules).some((root) => homes.includes(root));
    const of = [fitting.length > 0 ? fitting : found, found.filter(atHome)].find(({ length }) => length === 1)?.[0];
    return of && { file: of.file, line: of.line };
  }

  /** Do calls of modules lead to that folder? A folder of the root is one that nobody calls. */
  private fits(folder: string, modules: readonly string[]): boolean {
    if (modules.length === 0) return !this.calls.some((call) => leadsTo(call, folder));
    return this.rootsOf(folder, modules).length > 0;
  }

  /** Folders from which calls of these modules, the outermost first, lead to `folder`. */
  private rootsOf(folder: string, modules: readonly string[]): readonly string[] {
    return modules.reduceRight<readonly string[]>(
      (folders, name) => {
        const calls = this.calls.filter((call) => call.name === name && folders.some((one) => leadsTo(call, one)));
        return [...new Set(calls.map(({ from }) => from))];
      },
      [folder],
    );
  }

  /** The calls of that name are known, and none leads to a folder here: to match by name would be a guess. */
  private isElsewhere(modules: readonly string[]): boolean {
    return this.calls.some(({ name }) => name === modules.at(-1));
  }
}

/** `./modules/a` of the folder that calls; of a repository, the folder within it: `git::https://...//modules/a?ref=v1`. */
function leadsTo({ from, source }: ModuleCall, folder: string): boolean {
  if (/^\.\.?(\/|$)/.test(source)) return normalised(`${from}/${source.replace('//', '/')}`) === folder;
  const [, inner] = /[^:]\/\/([^?]+)/.exec(source) ?? [];
  return inner !== undefined && (folder === inner || folder.endsWith(`/${inner}`));
}

function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}

/** Each finding with its file and line, where they can be told; `anchor`, a file of the repository, stands for the others. */
export function withLines<Reviewed extends Pick<Review, 'findings'>>(
  review: Reviewed,
  lines: SourceLines,
  anchor: string | undefined,
): Reviewed {
  const placed = (finding: ReviewFinding): ReviewFinding => {
    const place = lines.placeOf(finding.address) ?? (anchor === undefined ? undefined : { file: anchor, line: 1 });
    return place ? { ...finding, ...place } : finding;
  };
  return { ...review, findings: review.findings.map(placed) };
}

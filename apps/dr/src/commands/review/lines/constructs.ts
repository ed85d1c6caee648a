// The line of TypeScript that makes a construct, told by its id, and of a resource by its class too: `new Lb(this, 'resource', ...)`.
import { lineAt, type Place, type ResourceName, type SourceFile } from './place';

interface Creation {
  readonly file: SourceFile;
  readonly offset: number;
  readonly makes: string;
  readonly id: WrittenId;
  /** The class in whose body it stands. */
  readonly within: string | undefined;
}

/** An id as the program has it. */
interface WrittenId {
  readonly fits: RegExp;
  /** How much of the id is written: Infinity where all of it is, 0 where it is computed. */
  readonly written: number;
}

/** Scope and id: a text, a template without another one in it, or an expression with calls of one level. */
const CREATION =
  /\bnew\s+(?:\w+\.)*([A-Z]\w*)(?:<[^<>()]*>)?\s*\(\s*[\w.]+\s*,\s*(?:(['"])([^'"$\n]+)\2|`([^`\n]*)`|((?:[^,(){}'"`]|\([^()]*\))+))/g;
const CLASS = /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(\w+)/gm;
const CONSTANT = /\bconst\s+([A-Z][A-Z\d_]*)(?:\s*:\s*string)?\s*=\s*(['"`])([^'"`$\n]*)\2/g;

export class Constructs {
  private readonly creations: readonly Creation[];

  constructor(files: Iterable<SourceFile>) {
    const all = [...files];
    const constants = constantsIn(all);
    this.creations = all.flatMap((file) => creationsIn(file, constants));
  }

  /**
   * Of the resource, else of the next construct around it that can be told. The stack itself, around them all, says nothing.
   * `path` is the construct's, `stack/region/alb/resource`.
   */
  placeOf(path: string, resource: Pick<ResourceName, 'mode' | 'type'>): Place | undefined {
    const ids = path.split('/');
    const own = this.told(
      this.creations.filter(({ makes, id }) => isOf(makes, resource) && id.fits.test(ids.at(-1) ?? '')),
      ids.slice(0, -1),
    );
    if (own) return placeOf(own);
    for (let depth = ids.length - 1; depth >= 1; depth -= 1) {
      const found = this.written(ids[depth]).filter(({ id }) => depth < ids.length - 1 || id.written === Infinity);
      const of =
        this.told(found, ids.slice(0, depth)) ??
        only(found.filter(({ makes }) => this.written(ids[depth + 1]).some(({ within }) => within === makes)));
      if (of) return placeOf(of);
    }
    return undefined;
  }

  /** The one of them, the one of which most is written, or the one in a class that the construct around it is of. */
  private told(found: readonly Creation[], around: readonly string[]): Creation | undefined {
    const most = Math.max(...found.map(({ id }) => id.written));
    const best = found.filter(({ id }) => id.written === most);
    const classes = this.written(around.at(-1)).map(({ makes }) => makes);
    return only(best) ?? only(best.filter(({ within }) => within !== undefined && classes.includes(within)));
  }

  private written(id: string | undefined): readonly Creation[] {
    if (id === undefined) return [];
    const found = this.creations.filter((one) => one.id.written > 0 && one.id.fits.test(id));
    const whole = found.filter((one) => one.id.written === Infinity);
    return whole.length > 0 ? whole : found;
  }
}

const only = (found: readonly Creation[]): Creation | undefined => (found.length === 1 ? found[0] : undefined);
const placeOf = ({ file, offset }: Creation): Place => ({ file: file.path, line: lineAt(file.text, offset) });

/**
 * As CDKTF names it: `aws_lb_listener` -> `LbListener`, and `DataAwsLbListener` where it is read. A class that is called as a block of
 * another resource gets an "A" behind its name.
 */
function isOf(makes: string, { mode, type }: Pick<ResourceName, 'mode' | 'type'>): boolean {
  if (type === 'terraform_data') return makes === 'DataResource';
  const words = type.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  const name = mode === 'data' ? `Data${words.join('')}` : words.slice(1).join('');
  return makes === name || makes === `${name}A`;
}

/** Those that have one value wherever they are written. */
function constantsIn(files: readonly SourceFile[]): ReadonlyMap<string, string> {
  const values = new Map<string, Set<string>>();
  for (const { text } of files)
    for (const { 1: name = '', 3: value = '' } of text.matchAll(CONSTANT))
      values.set(name, (values.get(name) ?? new Set()).add(value));
  return new Map([...values].flatMap(([name, of]) => (of.size === 1 ? [[name, [...of][0] ?? '']] : [])));
}

function creationsIn(file: SourceFile, constants: ReadonlyMap<string, string>): Creation[] {
  const classes = [...file.text.matchAll(CLASS)].map(({ index, 1: name = '' }) => ({ index, name }));
  const found = [...file.text.matchAll(CREATION)].filter(({ index }) => !isComment(file.text, index));
  return found.map(({ index, 1: makes = '', 3: text, 4: template, 5: expression = '' }) => ({
    ...{ file, offset: index, makes },
    id: text === undefined ? idOf(template ?? `\${${expression.trim()}}`, constants) : exactly(text),
    within: classes.findLast((one) => one.index < index)?.name,
  }));
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const exactly = (text: string): WrittenId => ({ fits: new RegExp(`^${escaped(text)}$`), written: Infinity });

/** What is computed may be any text. */
function idOf(template: string, constants: ReadonlyMap<string, string>): WrittenId {
  const known = template.replace(/\$\{(\w+)\}/g, (hole, name: string) => constants.get(name) ?? hole);
  const texts = known.split(/\$\{(?:[^{}]|\{[^{}]*\})*\}/);
  const whole = texts.join('');
  if (texts.length === 1) return exactly(whole);
  return { fits: new RegExp(`^${texts.map(escaped).join('.*')}$`), written: whole.length };
}

const isComment = (text: string, offset: number): boolean =>
  /^\s*(\*|\/[/*])|\s\/\/\s/.test(text.slice(text.lastIndexOf('\n', offset) + 1, offset));

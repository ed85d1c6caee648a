// The line of TypeScript that makes a construct, told by its id: `new LoadBalancer(this, 'alb', ...)`.
import { lineAt, type Place, type SourceFile } from './place';

interface Creation {
  readonly file: SourceFile;
  readonly offset: number;
  readonly makes: string;
  readonly id: string;
  /** The class in whose body it stands. */
  readonly within: string | undefined;
}

const CREATION = /\bnew\s+(?:\w+\.)*(\w+)(?:<[^<>()]*>)?\s*\(\s*[\w.]+\s*,\s*(['"`])([^'"`$\n]+)\2/g;
const CLASS = /^\s*(?:export\s+)?(?:default\s+)?(?:abstract\s+)?class\s+(\w+)/gm;

export class Constructs {
  private readonly byId = new Map<string, Creation[]>();
  /** Class and id of what is made: `LoadBalancer alb`. */
  private readonly made = new Set<string>();
  /** Class and id of what it makes in its body: `LoadBalancer http`. */
  private readonly holds = new Set<string>();

  constructor(files: Iterable<SourceFile>) {
    for (const file of files)
      for (const one of creationsIn(file)) {
        const of = this.byId.get(one.id);
        if (of) of.push(one);
        else this.byId.set(one.id, [one]);
        this.made.add(`${one.makes} ${one.id}`);
        if (one.within !== undefined) this.holds.add(`${one.within} ${one.id}`);
      }
  }

  /**
   * Of the construct, else of the next around it of which it can be told: an id that is written once, or once in the class that the
   * construct around it is of, or once for a class that makes the construct in it. The stack itself, around them all, says nothing.
   */
  placeOf(path: string): Place | undefined {
    const ids = path.split('/');
    for (let depth = ids.length - 1; depth >= 1; depth -= 1) {
      const found = this.byId.get(ids[depth] ?? '') ?? [];
      const of = [
        found,
        found.filter(({ within }) => within !== undefined && this.made.has(`${within} ${ids[depth - 1]}`)),
        found.filter(({ makes }) => this.holds.has(`${makes} ${ids[depth + 1]}`)),
      ].find(({ length }) => length === 1)?.[0];
      if (of) return { file: of.file.path, line: lineAt(of.file.text, of.offset) };
    }
    return undefined;
  }
}

function creationsIn(file: SourceFile): Creation[] {
  const classes = [...file.text.matchAll(CLASS)].map(({ index, 1: name = '' }) => ({ index, name }));
  const found = [...file.text.matchAll(CREATION)].filter(({ index }) => !isComment(file.text, index));
  return found.map(({ index, 1: makes = '', 3: id = '' }) => ({
    ...{ file, offset: index, makes, id },
    within: classes.findLast((one) => one.index < index)?.name,
  }));
}

const isComment = (text: string, offset: number): boolean =>
  /^\s*(\*|\/[/*])|\s\/\/\s/.test(text.slice(text.lastIndexOf('\n', offset) + 1, offset));

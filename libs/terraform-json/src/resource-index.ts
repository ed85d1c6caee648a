// Resources by address, by type, and by what they are known by: each looked up without a walk through all of them.
import type { Resource, UnknownValue } from './graph';
import { unknownError, UnknownValueError } from './plain';

/** The resources of a type by an attribute. */
interface Known {
  readonly byValue: ReadonlyMap<unknown, Resource>;
  /** What it says of the first one whose attribute is unknown. */
  readonly unknown: UnknownValueError | undefined;
}

export class ResourceIndex {
  private readonly byAddress: ReadonlyMap<string, Resource>;
  private readonly byType = new Map<string, Resource[]>();
  private readonly known = new Map<string, Known>();

  constructor(
    resources: readonly Resource[],
    private readonly attribute: (resource: Resource, name: string) => unknown,
    /** Types with a block of which nobody can say how many there are. */
    private readonly uncounted: ReadonlyMap<string, UnknownValue>,
  ) {
    this.byAddress = new Map(resources.map((resource) => [resource.address, resource]));
    for (const resource of resources) {
      if (resource.mode !== 'managed') continue;
      const list = this.byType.get(resource.type);
      if (list) list.push(resource);
      else this.byType.set(resource.type, [resource]);
    }
  }

  ofType(type: string): readonly Resource[] {
    const uncounted = this.uncounted.get(type);
    if (uncounted) throw unknownError(uncounted);
    return this.byType.get(type) ?? [];
  }

  get(address: string): Resource | undefined {
    return this.byAddress.get(address);
  }

  find(type: string, attribute: string, value: unknown): Resource | undefined {
    const id = `${type} ${attribute}`;
    const known = this.known.get(id) ?? this.read(type, attribute);
    this.known.set(id, known);
    const found = known.byValue.get(value);
    // It may be the one that is unknown.
    if (!found && known.unknown) throw known.unknown;
    return found;
  }

  private read(type: string, attribute: string): Known {
    const byValue = new Map<unknown, Resource>();
    let unknown: UnknownValueError | undefined;
    for (const resource of this.ofType(type)) {
      try {
        const value = this.attribute(resource, attribute);
        if (!byValue.has(value)) byValue.set(value, resource);
      } catch (error) {
        if (!(error instanceof UnknownValueError)) throw error;
        unknown ??= error;
      }
    }
    return { byValue, unknown };
  }
}

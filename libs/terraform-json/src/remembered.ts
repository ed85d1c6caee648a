// What is remembered of an object beside its properties. Nobody else sees it: it stands in a private field that is put on the object. A large
// plan has so many that a WeakMap of them takes the collector longer than the plan takes to parse.

/** A base class whose constructor returns the object that it is given, so that the fields of a subclass are put on that one. */
class Given {
  constructor(object: object) {
    return object;
  }
}

export interface Remembered<T> {
  get(object: object): T | undefined;
  set(object: object, value: T): void;
}

/** A memory of its own. */
export function remembered<T>(): Remembered<T> {
  return class extends Given {
    #value: T;

    private constructor(object: object, value: T) {
      super(object);
      this.#value = value;
    }

    static get(object: object): T | undefined {
      return #value in object ? object.#value : undefined;
    }

    static set(object: object, value: T): void {
      if (#value in object) object.#value = value;
      else new this(object, value);
    }
  };
}

// A plan and the state beside it: which of the two is newer, resource by resource; and files of one state at two times.
import { InputError } from '@dr/contracts';
import type { Graph, PlannedChange, Resource } from './graph';
import { differences } from './meaning';
import { knownOrAbsent } from './plain';

interface Named {
  readonly file: string;
  readonly alone: Graph;
}

/** What the plan was made over; of another file, what it holds. */
const appliedIn = ({ alone }: Named): Graph =>
  alone.before?.resources.some(isManaged) === true ? alone.before : alone;

const isManaged = ({ mode }: Resource): boolean => mode === 'managed';

const arnIn = ({ values }: Resource): string | undefined => {
  const arn = knownOrAbsent(() => values['arn']);
  return typeof arn === 'string' && arn !== '' ? arn : undefined;
};

/** Throws InputError where one address has one ARN in both, so that they are of one state, and another has two. */
export function checkOneTime(files: readonly Named[]): void {
  files.forEach((one, at) => {
    for (const other of files.slice(at + 1)) {
      const both = appliedIn(one)
        .resources.filter(isManaged)
        .flatMap((resource) => {
          const [arn, pair] = [arnIn(resource), appliedIn(other).get(resource.address)];
          const arns = [arn, pair && arnIn(pair)];
          return arns.includes(undefined) ? [] : [{ address: resource.address, arns }];
        });
      if (!both.some(({ arns: [a, b] }) => a === b)) continue;
      const remade = new Set([one, other].flatMap(({ alone }) => alone.planned.map(({ address }) => address)));
      const twice = both.find(({ address, arns: [a, b] }) => a !== b && !remade.has(address));
      if (!twice) continue;
      throw new InputError(
        `stacks "${one.file}" and "${other.file}": ${twice.address}`,
        `is ${twice.arns.join(' in one and ')} in the other, and both are of one state`,
        'Give the newest of them alone',
      );
    }
  });
}

/**
 * Does the plan still have to do that, so that what it says holds? The state holds what is applied: before it, or after it.
 * Throws InputError where it is neither.
 */
export function isAhead(plan: Named, change: PlannedChange, state: Named): boolean {
  const applied = state.alone.get(change.address);
  const after = plan.alone.get(change.address);
  const before = plan.alone.before?.get(change.address);
  if (!applied) return after !== undefined;
  if (!before) return false;
  if (!after) return true;
  const changed = differences(before.values, after.values);
  const [toBefore, toAfter] = [before, after].map(({ values }) =>
    differences(values, applied.values).filter((key) => changed.includes(key)),
  );
  if (toBefore?.length === 0) return true;
  if (toAfter?.length === 0) return false;
  throw new InputError(
    `stacks "${plan.file}" and "${state.file}": ${change.address}`,
    `has another ${toBefore?.[0] ?? 'value'} in the state than before the plan and after it`,
    'Make the plan anew, or give the newer of the two alone',
  );
}

// Is what a stack is compared with of the same stack?
import { InputError } from '@dr/contracts';
import { knownOrAbsent, type Graph, type Resource } from '@dr/terraform-json';

const isManaged = ({ mode }: Resource): boolean => mode === 'managed';

function arnIn({ values }: Resource): string | undefined {
  const arn = knownOrAbsent(() => values['arn']);
  return typeof arn === 'string' && arn !== '' ? arn : undefined;
}

/** What is to be said of the two, each a sentence. Throws InputError where they have nothing in common. */
export function relationOf(base: Graph, graph: Graph): readonly string[] {
  const [old, now] = [base, graph].map(({ resources }) => resources.filter(isManaged)) as [Resource[], Resource[]];
  // What a plan may create or remove altogether is in one of them alone.
  if (old.length === 0 || now.length === 0) return [];
  const arns = new Set(old.flatMap((one) => arnIn(one) ?? []));
  const isShared = now.some((one) => arns.has(arnIn(one) ?? ''));
  const pairs = now.flatMap((one) => {
    const other = base.get(one.address);
    return other && other.type === one.type ? [[arnIn(one), arnIn(other)]] : [];
  });
  if (pairs.length === 0 && !isShared) {
    throw new InputError(
      'the base',
      'has no resource of this stack: neither an address nor an ARN is in both',
      'Give the plan or the state of the same stack before the change, or leave --base out',
    );
  }
  const told = pairs.filter((arnsOf) => !arnsOf.includes(undefined));
  const isOther = told.length > 0 && told.every(([one, other]) => one !== other) && !isShared;
  return isOther ? ['the base has the same addresses, and not one ARN of this stack: it may be of another one'] : [];
}

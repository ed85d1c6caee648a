// What a change does to a name: it no longer recovers, nothing answers it, or one region is left.
import { readNames, type Names } from '@dr/stack';
import { stoppedIn } from '../outcomes/before';
import type { JudgedLoss, JudgedName } from '../outcomes/judge';
import type { Stack } from '../rules/rule';
import type { StackChange } from './changed';
import type { ChangeFinding } from './finding';

const ROUTE53 = 'https://docs.aws.amazon.com/Route53/latest/DeveloperGuide';

/** Where what keeps clients down is not found to block by itself: that the change does it is enough. */
export const stoppedRecovery = (
  was: readonly JudgedName[],
  judged: readonly JudgedName[],
  blocked: ReadonlySet<string>,
): ChangeFinding[] =>
  stoppedIn(was, judged)
    .filter(({ is }) => !is.causes.some(({ address }) => blocked.has(address)))
    .map(({ name, was: old, is }) => ({
      rule: 'change-stops-recovery',
      severity: 'blocks',
      address: name,
      message: `${name} recovered${inSeconds(old)}, and with this change its clients recover ${IN_WORDS[is.kind]}`,
      atFailover: `${name}, ${is.fault} in ${is.awsRegion}: ${is.why}`,
      fix: 'Keep what is applied of what is named there, or change it together with what takes its place',
      source: `${ROUTE53}/health-checks-how-route-53-chooses-records.html`,
    }));

const inSeconds = ({ span }: JudgedLoss): string =>
  span === null || span.worst === null ? '' : ` in ${span.worst} s at worst`;

const IN_WORDS = {
  never: 'only when the region is back',
  manual: 'only when a person acts',
  partly: 'in part',
  unknown: 'in a way that is unknown',
  recovers: 'as before',
} as const;

/** Names that clients asked, and that nothing answers any more. */
export function removedNames(
  was: readonly JudgedName[],
  { names }: Stack,
  changes: readonly StackChange[],
): ChangeFinding[] {
  return was.flatMap(({ name, policy }): ChangeFinding[] => {
    if (policy === 'none' || names.recordsOf(name).length > 0) return [];
    const records = changes.filter(
      ({ type, actions, was: old }) =>
        type === 'aws_route53_record' && actions.includes('delete') && old !== undefined && nameOf(old) === name,
    );
    return records.slice(0, 1).map(({ address }) => ({
      rule: 'change-removes-a-public-name',
      severity: 'blocks',
      address,
      message: `${address} is removed, and with it the last record of ${name}: its clients get no answer`,
      atFailover: `${name}: no client is answered, with all regions there or not`,
      fix: `Keep a record of ${name} until nobody asks for it`,
      source: `${ROUTE53}/resource-record-sets-deleting.html`,
    }));
  });
}

const nameOf = ({ graph, resource }: NonNullable<StackChange['was']>): string | undefined =>
  readNames(graph).records.find(({ address }) => address === resource.address)?.name;

/** Names that several regions answered, and one does now. */
export function lastRegions(
  was: readonly JudgedName[],
  base: Stack,
  stack: Stack,
  changes: readonly StackChange[],
): ChangeFinding[] {
  return was.flatMap(({ name }): ChangeFinding[] => {
    const [old, now] = [base, stack].map(({ names }) => regionsBehind(name, names));
    const [left, ...others] = now ?? [];
    if (!old || old.size < 2 || left === undefined || others.length > 0) return [];
    const gone = [...old].filter((region) => region !== left);
    const change = changes.find(
      ({ type, was: before }) => type === 'aws_route53_record' && before !== undefined && nameOf(before) === name,
    );
    const address = change?.address ?? name;
    return [
      {
        rule: 'change-leaves-one-region',
        severity: 'blocks',
        address,
        message: `${address}: ${name} leads to ${left} alone from now on, and led to ${gone.join(', ')} too`,
        atFailover: `${name}: nothing is left to fail over to when ${left} is lost`,
        fix: 'Keep a record that leads to another region',
        source: `${ROUTE53}/dns-failover-types.html`,
      },
    ];
  });
}

/** AWS regions that a name leads to; undefined where one of its ends is not known. */
function regionsBehind(name: string, names: Names): ReadonlySet<string> | undefined {
  const ends = names.endpointsBehind(name);
  const isOpen =
    ends.some(({ awsRegion }) => awsRegion === undefined) ||
    names.recordsOf(name).some(({ target }) => target === undefined || names.endpointsBehind(target).length === 0);
  return isOpen ? undefined : new Set(ends.flatMap(({ awsRegion }) => awsRegion ?? []));
}

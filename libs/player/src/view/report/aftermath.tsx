// Of a region that is gone for good, in the auditor's report: what went with it, what cannot be changed, and the plan.
import type { Aftermath as Facts } from '@dr/contracts';
import { counted, seconds, titled } from '../../words/figures';
import { Entries, Section } from './section';

export function Aftermath({ of: { lost, degraded, plan } }: { of: Facts }) {
  const time = (value: number | null): string => (value === null ? 'never' : seconds(value * 1000));
  return (
    <>
      <Section title="Lost for good">
        <p>
          {counted(lost.writes, 'acknowledged write')} that no other region had
          {lost.apart > 0 ? `; ${counted(lost.apart, 'more')} that only some of the others have` : ''}.
        </p>
        {lost.versions.length > 0 ? (
          <ul>
            {lost.versions.map(({ id, timestamp }) => (
              <li key={`${id} ${timestamp}`}>
                {id} @ {timestamp}
              </li>
            ))}
          </ul>
        ) : null}
      </Section>
      <Entries
        title="While the region is gone"
        head={['What', 'State', 'Why', 'What to do', 'Source']}
        rows={degraded.map(({ what, state, why, remedy, source }) => [what, state, why, remedy, source ?? 'the stack'])}
      />
      <Entries
        title={`Redundant again in ${titled(plan.region.name)}`}
        note={
          plan.redundantAfterSeconds === null
            ? 'The new region never came to serve on the twin.'
            : `${time(plan.redundantAfterSeconds)} after the loss; ${time(plan.withoutRedundancySeconds)} of it without redundancy.`
        }
        head={['Step', 'Takes', 'Basis', 'Source']}
        rows={plan.steps.map(({ step, seconds: takes, basis, source, alongside }) => [
          step,
          `${time(takes)}${alongside ? ', alongside' : ''}`,
          basis,
          source,
        ])}
      />
    </>
  );
}

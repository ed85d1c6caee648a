// Of a region that is gone for good, in the auditor's report: what went with it, what cannot be changed, and the plan.
import { lasting, outlook, type Aftermath as Facts } from '@dr/contracts';
import { counted, titled } from '../../words/figures';
import { CommandLine, Entries, Section } from './section';

export function Aftermath({ of: { lost, degraded, plan } }: { of: Facts }) {
  return (
    <>
      <Section title="Lost for good">
        <p>
          {counted(lost.writes, 'acknowledged write')} that no other region had
          {lost.apart > 0 ? `; ${counted(lost.apart, 'more', 'more')} that only some of the others have` : ''}.
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
        title={`The plan: ${titled(plan.region.name)} in its place`}
        note={outlook(plan)}
        head={['Step', 'Takes', 'Basis', 'Source']}
        rows={plan.steps.map(({ step, seconds, basis, source, alongside }, at) => [
          `${at + 1}. ${step}`,
          `${lasting(seconds)}${alongside ? ', alongside' : ''}`,
          basis,
          source,
        ])}
      />
      <Section title="Its commands">
        {plan.steps.map(({ step, command }, at) =>
          command === null ? null : (
            <div key={step}>
              <p>Step {at + 1}</p>
              {command.split('\n').map((line) => (
                <CommandLine key={line} of={line} />
              ))}
            </div>
          ),
        )}
      </Section>
    </>
  );
}

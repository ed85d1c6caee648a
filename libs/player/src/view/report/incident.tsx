// A public incident and, beside each of its phases, what the twin did.
import type { ComponentChildren } from 'preact';
import type { IncidentReport, Meanwhile, ReportedPhase } from '../../report/incident';
import { seconds } from '../../words/figures';
import { feltBy, mappingOf, requestsOf, scaleOf, SHORTENED } from '../../words/incident';
import { Entries, Section } from './section';

export function Incident({ incident }: { incident: IncidentReport }) {
  const { title, phases, afterwards, clients, look, sources } = incident;
  return (
    <>
      <Section title={`Incident: ${title}`}>
        <p>{mappingOf(incident)}</p>
        <p>{look}</p>
      </Section>
      <Entries
        title="Then, and on the twin"
        head={['When', 'What happened', 'Here, simulated']}
        note={SHORTENED}
        rows={[...phases.map(cellsOf), ...(afterwards ? [['Afterwards', null, <What of={afterwards} />]] : [])]}
      />
      <Section title="Who felt it">
        <ul>
          {clients.map((one) => (
            <li key={one.population}>{feltBy(one)}</li>
          ))}
        </ul>
      </Section>
      <Section title="Accounts of the incident">
        <ol>
          {sources.map(({ title: name, url }) => (
            <li key={url}>
              {name}: <code>{url}</code>
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

function cellsOf(phase: ReportedPhase): ComponentChildren[] {
  const { when, what, by, unconfirmed, enacted, assumed, notEnacted, meanwhile } = phase;
  const scale = scaleOf(phase);
  return [
    <>
      {when}
      {scale === undefined ? null : <small>{scale}</small>}
    </>,
    <>
      {what} [{by.join(', ')}]{unconfirmed === undefined ? null : <small>Not confirmed: {unconfirmed}</small>}
    </>,
    <>
      {notEnacted === undefined ? enacted : `Not enacted: ${notEnacted}`}
      {assumed === undefined ? null : <small>Assumed: {assumed}</small>}
      {meanwhile === undefined ? null : <What of={meanwhile} />}
    </>,
  ];
}

const What = ({ of }: { of: Meanwhile }) => (
  <>
    <ul>
      {of.events.map(({ atSeconds, text }, index) => (
        <li key={index}>
          {seconds(atSeconds * 1000)} {text}
        </li>
      ))}
    </ul>
    <small>{requestsOf(of)}</small>
  </>
);

// The auditor's report of one run: objectives, faults, invariants, who was told. What it says is in the report, and only the chart in the log.
import { PROMISED_CLIENT } from '@dr/contracts';
import { wholeEpisode } from '../../log/episodes';
import type { RunLog } from '../../log/run-log';
import type { RunFacts, RunReport as Document } from '../../report/run';
import { after, counted, listed, plainSeconds, seconds, titled, whole } from '../../words/figures';
import { SIMULATED } from '../../words/verdict';
import { RtoChart } from '../rto-chart';
import { Aftermath } from './aftermath';
import { Capacity } from './capacity';
import { Differences } from './differences';
import { Incident } from './incident';
import { OtherClients } from './other-clients';
import { gameDayFacts, measuredTitle } from './game-day';
import { Invariants } from './invariants';
import { Objectives } from './objectives';
import { Section, Table } from './section';
import { Facts, settingFacts, Sheet, type Fact } from './sheet';

export function RunReport({ log, report }: { log: RunLog; report: Document }) {
  const { run } = report;
  return (
    <Sheet
      report={report}
      what="Disaster-recovery drill, simulated"
      lead={`The run read the Terraform JSON whose SHA-256 stands below, ran the Lambda bundles that would be uploaded, in ${counted(run.settings.regions.length, 'region')} and in virtual time. ${SIMULATED}`}
      settings={factsOf(run)}
      noReplay={`No command was kept. Repeat it with seed ${run.seed} and the faults above.`}
      replayNote="The same seed, stack and version give the same events to the byte."
      {...(run.notKnown.length > 0 ? { notKnown: `Not modelled or not known: ${run.notKnown.join(', ')}.` } : {})}
    >
      {run.objectives.length > 0 ? <Objectives lines={run.objectives} {...measuredTitle(report.gameDay)} /> : null}
      {report.gameDay ? <Facts title="Game day" facts={gameDayFacts(report.gameDay)} /> : null}
      {run.incident ? <Incident incident={run.incident} /> : null}
      <RtoChart log={log} atMs={log.endMs} episode={wholeEpisode(log)} />
      <Faults run={run} />
      {run.populations ? <OtherClients populations={run.populations} /> : null}
      {run.capacity ? <Capacity capacity={run.capacity} /> : null}
      {run.aftermath ? <Aftermath of={run.aftermath} /> : null}
      {run.invariants.length > 0 ? (
        <Section title="Invariants">
          <Invariants invariants={run.invariants} />
        </Section>
      ) : null}
      <WhoWasTold messages={run.messages} />
      {report.former ? <Differences former={report.former} /> : null}
    </Sheet>
  );
}

function Faults({ run: { faults, first, hurt } }: { run: RunFacts }) {
  if (faults.length === 0) return null;
  const since = (value: number | null): string => (value === null ? '' : after(value * 1000));
  const last = hurt.neverRecovered > 0 ? 'never' : since(hurt.worstSeconds);
  const signs = [
    since(first.failingProbeSeconds),
    since(first.messageSeconds),
    since(first.dnsMovedSeconds),
    last,
    whole(hurt.clients),
  ];
  return (
    <Table
      title="Faults"
      head={[
        'Fault',
        'Where',
        'From, to',
        'First failing probe',
        'First message',
        'DNS moved',
        `Last ${PROMISED_CLIENT}`,
        'Clients',
      ]}
    >
      {faults.map(({ kind, region, startSeconds, endSeconds }, index) => (
        <tr key={index}>
          <th scope="row">{kind}</th>
          <td>{titled(region)}</td>
          <td>
            {plainSeconds(startSeconds * 1000)}, {endSeconds === null ? 'not over' : plainSeconds(endSeconds * 1000)}
          </td>
          {signs.map((sign, at) => (
            <td key={at}>{index === 0 ? sign : ''}</td>
          ))}
        </tr>
      ))}
    </Table>
  );
}

function WhoWasTold({ messages }: Pick<RunFacts, 'messages'>) {
  if (messages.length === 0)
    return (
      <Section title="Who was told">
        <p>Nobody.</p>
      </Section>
    );
  return (
    <Table title="Who was told" head={['At', 'Since the fault', 'Sent from', 'Subject']}>
      {messages.map(({ atSeconds, afterSeconds, fromRegion, subject }, index) => (
        <tr key={index}>
          <td>{seconds(atSeconds * 1000)}</td>
          <td>{after(afterSeconds * 1000)}</td>
          <td>{fromRegion}</td>
          <td>{subject}</td>
        </tr>
      ))}
    </Table>
  );
}

const factsOf = ({
  domain,
  settings,
  clients,
  requests,
  homes,
  seed,
  eventsSha256,
  events,
  virtualSeconds,
}: RunFacts): Fact[] => [
  ...settingFacts(settings),
  ['Load', `${counted(clients, 'client')}, ${counted(requests, 'request')}`],
  ['Clients are near', listed(homes)],
  ['Domain', domain],
  ['Seed', String(seed)],
  ['Events', `${whole(events)} over ${seconds(virtualSeconds * 1000)} of virtual time`],
  ['Events, SHA-256', eventsSha256 ?? 'the log was cut off'],
];

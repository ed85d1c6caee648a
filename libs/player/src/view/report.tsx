// The auditor's report: verdict, objectives beside prediction and simulation, faults, invariants, who was told, what ran.
import type { DrillReport } from '@dr/contracts';
import { wholeEpisode } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { after, counted, listed, plainSeconds, seconds, titled, whole } from '../words/figures';
import { felt, noticed, SIMULATED, worstOf, type Verdict } from '../words/verdict';
import type { About } from './about';
import { Objectives } from './objectives';
import { RtoChart } from './rto-chart';
import { Met, Section } from './section';
import { VerdictTag } from './verdict';

export function Report({ log, verdict, about }: { log: RunLog; verdict: Verdict; about: About }) {
  const report = log.end?.report;
  return (
    <main class="report">
      <p class="tagline">
        <VerdictTag verdict={verdict} /> <span>Disaster-recovery drill, simulated. {dateOf(log)}</span>
      </p>
      <h1>{verdict.headline}</h1>
      <p class="lead">
        The run read the Terraform JSON whose SHA-256 stands below, ran the Lambda bundles that would be uploaded, in{' '}
        {counted(log.header.regions.length, 'region')} and in virtual time. {SIMULATED}
      </p>
      <Reasons verdict={verdict} />
      {report ? <Objectives log={log} report={report} /> : null}
      <RtoChart log={log} atMs={log.endMs} episode={wholeEpisode(log)} />
      <Faults log={log} />
      {report ? <Invariants report={report} /> : null}
      <WhoWasTold log={log} />
      <Settings log={log} />
      <Section title="Replay">
        <p>The same seed, stack and version give the same events to the byte.</p>
        <pre>{log.header.replay ?? `dr drill --seed ${log.header.seed}, with the faults above`}</pre>
      </Section>
      <Section title="Assumptions">
        <ul>
          {about.assumptions.map((assumption) => (
            <li key={assumption}>{assumption}</li>
          ))}
        </ul>
        {report && report.notModelled.length + report.unknown.length > 0 ? (
          <p>Not modelled or not known: {[...report.notModelled, ...report.unknown].join(', ')}.</p>
        ) : null}
      </Section>
    </main>
  );
}

const dateOf = ({ header }: RunLog): string => header.writtenAt.slice(0, 10);

function Reasons({ verdict: { passed, reasons } }: { verdict: Verdict }) {
  if (passed !== false) return null;
  return (
    <Section title="Why it failed">
      <ul class="reasons">
        {reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </Section>
  );
}

function Faults({ log }: { log: RunLog }) {
  if (log.faults.length === 0) return null;
  const { probeMs, messageMs, movedMs } = noticed(log);
  const worst = worstOf(log);
  const since = (ms: number | undefined, index: number): string =>
    index > 0 || ms === undefined ? '' : ms === Infinity ? 'never' : after(ms - (log.firstFaultMs ?? 0));
  return (
    <Section title="Faults">
      <div class="scroll" tabIndex={0} role="region" aria-label="Faults">
        <table>
          <thead>
            <tr>
              {[
                'Fault',
                'Where',
                'From, to',
                'First failing probe',
                'First message',
                'DNS moved',
                'Last client',
                'Clients',
              ].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {log.faults.map(({ fault, startMs, endMs }, index) => (
              <tr key={index}>
                <th scope="row">{fault.kind}</th>
                <td>{titled(fault.region)}</td>
                <td>
                  {plainSeconds(startMs)}, {endMs === Infinity ? 'not over' : plainSeconds(endMs)}
                </td>
                <td>{since(probeMs, index)}</td>
                <td>{since(messageMs, index)}</td>
                <td>{since(movedMs, index)}</td>
                <td>{since(worst?.atMs, index)}</td>
                <td>{index === 0 ? whole(felt(log).length) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Invariants({ report: { invariants } }: { report: DrillReport }) {
  const broken = invariants.filter(({ holds }) => !holds);
  const rest = invariants.filter(({ holds }) => holds);
  return (
    <Section title="Invariants">
      <p>
        {invariants.length} checked, {rest.length} hold.
        {broken.length === 0 ? '' : ' Those that are broken stand first.'}
      </p>
      <table>
        <tbody>
          {[...broken, ...rest].map(({ id, holds, detail }) => (
            <tr key={id}>
              <td>
                <Met met={holds} yes="holds" no="broken" />
              </td>
              <th scope="row">
                <code>{id}</code>
              </th>
              <td>{detail}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function WhoWasTold({ log }: { log: RunLog }) {
  const startMs = log.firstFaultMs ?? 0;
  const messages = log.regions
    .flatMap(({ name, messages: all }) => all.map((message) => ({ ...message, name })))
    .filter(({ atMs }) => atMs >= startMs)
    .sort((a, b) => a.atMs - b.atMs);
  return (
    <Section title="Who was told">
      {messages.length === 0 ? <p>Nobody.</p> : null}
      <table>
        {messages.length === 0 ? null : (
          <thead>
            <tr>
              <th scope="col">At</th>
              <th scope="col">Since the fault</th>
              <th scope="col">Sent from</th>
              <th scope="col">Subject</th>
            </tr>
          </thead>
        )}
        <tbody>
          {messages.map(({ atMs, name, subject, messageId, endpoint }) => (
            <tr key={`${messageId} ${endpoint} ${atMs}`}>
              <td>{seconds(atMs)}</td>
              <td>{after(atMs - startMs)}</td>
              <td>{name}</td>
              <td>{subject}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

function Settings({ log }: { log: RunLog }) {
  const { header, end } = log;
  const { intervalSeconds, failureThreshold, ttlSeconds } = header.settings;
  const rows: [string, string][] = [
    ['Regions', header.regions.map(({ name, awsRegion }) => `${titled(name)} (${awsRegion})`).join(', ')],
    [
      'Routing',
      `${header.routing}, health check every ${intervalSeconds} s x ${failureThreshold}, TTL ${ttlSeconds} s`,
    ],
    [
      'Load',
      `${counted(header.clients ?? log.clients.all.length, 'client')}, ${counted(log.clients.requests.length, 'request')}`,
    ],
    ['Clients are near', listed([...new Set(log.clients.all.map(({ home }) => home))])],
    ['Seed', String(header.seed)],
    ['Program', header.program],
    ['Commit', header.commit],
    ['Terraform JSON, SHA-256', header.stackSha256],
    ['Events, SHA-256', end?.sha256 ?? 'the log was cut off'],
    ['Events', `${whole(log.events.length)} over ${seconds(log.endMs)} of virtual time`],
  ];
  return (
    <Section title="Settings">
      <dl class="settings">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{/SHA|Commit/.test(name) ? <code>{value}</code> : value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

// Of a report, the table of objectives: what was asked, what the settings promise, what the twin has shown.
import type { DrillReport } from '@dr/contracts';
import type { RunLog } from '../log/run-log';
import { counted, seconds, whole } from '../words/figures';
import { noticed } from '../words/verdict';
import { Met, Section } from './section';

interface Line {
  readonly what: string;
  readonly note?: string;
  readonly objective?: string;
  readonly predicted?: string;
  readonly simulated: string;
  readonly met?: boolean;
}

export function Objectives({ log, report }: { log: RunLog; report: DrillReport }) {
  return (
    <Section title="Objectives">
      <div class="scroll" tabIndex={0} role="region" aria-label="Objectives">
        <table>
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col">Objective</th>
              <th scope="col">Predicted, at most</th>
              <th scope="col">Simulated</th>
              <th scope="col">Verdict</th>
              <th scope="col">Measured on AWS</th>
            </tr>
          </thead>
          <tbody>
            {linesOf(log, report).map(({ what, note, objective, predicted, simulated, met }, index) => (
              <tr key={what}>
                <th scope="row">
                  {what}
                  {note === undefined ? null : <small>{note}</small>}
                </th>
                <td>{objective}</td>
                <td>{predicted}</td>
                <td>{simulated}</td>
                <td>{met === undefined ? null : <Met met={met} />}</td>
                <td class="quiet">{index === 0 ? 'no run on AWS yet' : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function linesOf(log: RunLog, { rto, rpo, objective, predicted, invariants, requests }: DrillReport): Line[] {
  const of = (value: number): string => seconds(value * 1000);
  const { movedMs } = noticed(log);
  const startMs = log.firstFaultMs ?? 0;
  const detection = movedMs === undefined ? undefined : (movedMs - startMs) / 1000;
  const survive = invariants.find(({ id }) => id === 'acknowledged-writes-survive');
  return [
    {
      what: 'Recovery time, worst client',
      note: 'that honours the TTL and opens a new connection',
      objective: of(objective.rtoSeconds),
      predicted: of(predicted.worstClientSeconds),
      simulated: rto ? of(rto.worstSeconds) : 'no client failed',
      met: (rto?.worstSeconds ?? 0) <= objective.rtoSeconds,
    },
    ...(rto
      ? [
          { what: 'Recovery time, p95', simulated: of(rto.p95Seconds) },
          { what: 'Recovery time, p50', simulated: of(rto.p50Seconds) },
        ]
      : []),
    {
      what: 'Detection',
      note: 'until Route 53 stops answering the region',
      predicted: of(predicted.worstDetectionSeconds),
      simulated: detection === undefined ? 'it went on answering' : of(detection),
      ...(detection === undefined ? {} : { met: detection <= predicted.worstDetectionSeconds }),
    },
    {
      what: 'Acknowledged writes lost',
      objective: 'none',
      simulated: survive?.holds ? 'none' : (survive?.detail ?? 'not checked'),
      ...(survive ? { met: survive.holds } : {}),
    },
    {
      what: 'Oldest write at risk',
      note: `${counted(rpo.writesAtRisk, 'write')}${rpo.recoveredAfterHeal ? ', all back after heal' : ''}`,
      objective: of(objective.rpoSeconds),
      simulated: of(rpo.oldestAtRiskSeconds),
      met: rpo.oldestAtRiskSeconds <= objective.rpoSeconds,
    },
    { what: 'Requests that succeeded', simulated: `${whole(requests.succeeded)} of ${whole(requests.total)}` },
    {
      what: 'Requests without a key',
      note: 'sent to test the lock; in no total',
      simulated: `${whole(log.clients.outsiders.requests)}, ${log.clients.outsiders.letIn || 'none'} let in`,
      met: log.clients.outsiders.letIn === 0,
    },
  ];
}

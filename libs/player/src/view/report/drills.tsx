// The report of many runs: what a search met and what it broke; every class of fault in a row.
import { WORST_CLIENT } from '@dr/contracts';
import type { BrokenSeed, DrillsReport as Document, DrillsResult, FaultRow, SearchResult } from '../../report/drills';
import { lastSeedOf } from '../../report/drills';
import { counted, seconds, whole } from '../../words/figures';
import { SIMULATED } from '../../words/verdict';
import { Invariants } from './invariants';
import { CommandLine, Met, Section, Table } from './section';
import { settingFacts, Sheet, type Fact } from './sheet';

export function DrillsReport({ report }: { report: Document }) {
  const { drills } = report;
  const { search, rows } = drills;
  const held = [...(search ? ['Search of random schedules'] : []), ...(rows ? ['table of faults'] : [])].join(' and ');
  return (
    <Sheet
      report={report}
      what={`${held.charAt(0).toUpperCase()}${held.slice(1)}, simulated`}
      lead={`Every run read the Terraform JSON whose SHA-256 stands below and ran the Lambda bundles that would be uploaded, in virtual time. ${SIMULATED}`}
      settings={factsOf(drills)}
      noReplay="No command was kept. Repeat it with the seeds above."
      replayNote="The same seeds, stack and version give the same events to the byte."
    >
      {search ? <Broken search={search} /> : null}
      {rows ? <FaultTable rows={missedFirst(rows)} /> : null}
      {rows ? <FaultInvariants rows={missedFirst(rows)} /> : null}
      {search ? <WhatWasMet search={search} /> : null}
      {search ? <KindsDrawn search={search} /> : null}
      {drills.checks ? <Checks checks={drills.checks} search={search} /> : null}
    </Sheet>
  );
}

function Broken({ search }: { search: SearchResult }) {
  const { failures, schedules } = search;
  if (failures.length === 0)
    return (
      <Section title="What broke">
        <p>Nothing, in {counted(schedules, 'schedule')}.</p>
      </Section>
    );
  return (
    <Section title="What broke">
      {failures.map((failure) => (
        <BrokenSchedule key={failure.seed} failure={failure} />
      ))}
    </Section>
  );
}

function BrokenSchedule({ failure }: { failure: BrokenSeed }) {
  const { seed, smallest, replay, described } = failure;
  const { violations, schedule } = smallest?.outcome ?? failure;
  return (
    <article class="broken">
      <h3>Seed {seed}</h3>
      <ul>
        {violations.map(({ id, detail }) => (
          <li key={id}>
            <Met met={false} no="broken" /> <code>{id}</code> {detail}
          </li>
        ))}
      </ul>
      <p>
        {smallest ? `Smallest schedule of ${counted(smallest.tries, 'try', 'tries')}` : 'Schedule as drawn'}
        {described === undefined ? '' : `: ${described}`}
      </p>
      <pre>{JSON.stringify(schedule)}</pre>
      <CommandLine of={replay} />
    </article>
  );
}

const missedFirst = (rows: readonly FaultRow[]): FaultRow[] => [
  ...rows.filter(({ met }) => !met),
  ...rows.filter(({ met }) => met),
];

const HEAD = ['Fault', 'Path taken', 'RTO', 'RPO', 'Alert after', 'Struck', 'Invocations', 'Verdict'];

function FaultTable({ rows }: { rows: readonly FaultRow[] }) {
  const time = (value: number | null): string => (value === null ? 'none' : seconds(value * 1000));
  const isMissed = rows.some(({ met }) => !met);
  return (
    <Table
      title="Faults"
      head={HEAD}
      note={`RTO is that of the ${WORST_CLIENT}, RPO the age of the oldest write at risk when the fault began.${isMissed ? ' Those that miss what is promised stand first.' : ''}`}
    >
      {rows.map((row) => (
        <tr key={row.fault}>
          <th scope="row">
            {row.fault}
            {row.reasons.map((reason) => (
              <small key={reason}>{reason}</small>
            ))}
          </th>
          <td>{row.path}</td>
          <td>{time(row.rto)}</td>
          <td>{time(row.rpo)}</td>
          <td>{time(row.alertSeconds)}</td>
          <td>{whole(row.injectedEvents)}</td>
          <td>{whole(row.handlerInvocations)}</td>
          <td>
            <Met met={row.met} />
          </td>
        </tr>
      ))}
    </Table>
  );
}

/** Folded, but where one is broken; open on paper. */
function FaultInvariants({ rows }: { rows: readonly FaultRow[] }) {
  const judged = rows.flatMap(({ fault, invariants = [] }) => (invariants.length > 0 ? [{ fault, invariants }] : []));
  if (judged.length === 0) return null;
  return (
    <Section title="Invariants of each fault">
      {judged.map(({ fault, invariants }) => {
        const broken = invariants.filter(({ holds }) => !holds).length;
        return (
          <details key={fault} class="judged" open={broken > 0}>
            <summary>
              <b>{fault}</b> <Met met={broken === 0} yes={`all ${invariants.length} hold`} no={`${broken} broken`} />
            </summary>
            <Invariants invariants={invariants} />
          </details>
        );
      })}
    </Section>
  );
}

function WhatWasMet({ search: { sometimes, neverMet, schedules } }: { search: SearchResult }) {
  return (
    <Table
      title="What the schedules met"
      head={['What', 'In how many schedules', 'Share', 'Verdict']}
      note="What a search never meets, it has not tested. Five hundred schedules and more must meet each of these."
    >
      {Object.entries(sometimes).map(([name, times]) => (
        <tr key={name}>
          <th scope="row">{name}</th>
          <td>{whole(times)}</td>
          <td>{share(times, schedules)}</td>
          <td>{times > 0 || neverMet.includes(name) ? <Met met={times > 0} no="never met" /> : null}</td>
        </tr>
      ))}
    </Table>
  );
}

function KindsDrawn({ search: { drawn, pairsMet, schedules } }: { search: SearchResult }) {
  const kinds = Object.entries(drawn).sort(([, a], [, b]) => b - a);
  return (
    <Table
      title="Faults that were drawn"
      head={['Kind', 'In how many schedules', 'Share']}
      note={`${counted(pairsMet, 'pair')} of kinds overlapped in some schedule.`}
    >
      {kinds.map(([kind, times]) => (
        <tr key={kind}>
          <th scope="row">{kind}</th>
          <td>{whole(times)}</td>
          <td>{share(times, schedules)}</td>
        </tr>
      ))}
    </Table>
  );
}

const share = (times: number, of: number): string => (of === 0 ? '' : `${((times / of) * 100).toFixed(1)}\u00a0%`);

function Checks({ checks, search }: { checks: readonly string[]; search: SearchResult | undefined }) {
  const broken = new Set(search?.failures.flatMap(({ violations }) => violations.map(({ id }) => id)));
  const sorted = [...checks.filter((id) => broken.has(id)), ...checks.filter((id) => !broken.has(id))];
  return (
    <Section title="Checks that every schedule is held to">
      <ul class="checks">
        {sorted.map((id) => (
          <li key={id}>
            <Met met={!broken.has(id)} yes="holds" no="broken" /> <code>{id}</code>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function factsOf({ settings, search, seed, rows }: DrillsResult): Fact[] {
  const searched = search
    ? [
        ['Schedules', whole(search.schedules)],
        ['Seeds', `${search.firstSeed} to ${lastSeedOf(search)}`],
        ['Requests of clients', whole(search.requests)],
        ['Invocations of the bundles', whole(search.invocations)],
        ['Virtual time', `${whole(search.virtualSeconds)}\u00a0s`],
        [
          'Took',
          `${whole(Math.round(search.wallSeconds))}\u00a0s on ${counted(search.processes, 'process', 'processes')}`,
        ],
      ]
    : [];
  const table = rows ? [['Seed of the table of faults', seed === undefined ? 'not recorded' : String(seed)]] : [];
  return [...settingFacts(settings ?? null), ...searched, ...table] as Fact[];
}

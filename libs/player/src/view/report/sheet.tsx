// The frame of every report: verdict, why, what it is made of, where it comes from, how to repeat it, what it rests on.
import type { ComponentChildren } from 'preact';
import type { ReportHead, Settings } from '../../report/document';
import { titled } from '../../words/figures';
import { VerdictTag } from '../verdict';
import { CommandLine, Section } from './section';

export type Fact = readonly [name: string, value: string];

interface Props {
  readonly report: ReportHead;
  /** What was held, e.g. `Disaster-recovery drill, simulated`. */
  readonly what: string;
  readonly lead: string;
  readonly settings: readonly Fact[];
  /** Said where no command was kept. */
  readonly noReplay: string;
  readonly replayNote: string;
  /** Where it comes from, of what has no date and no checkout. @default as the report has it */
  readonly origin?: readonly Fact[];
  /** Said below the assumptions. */
  readonly notKnown?: string;
  readonly children: ComponentChildren;
}

export function Sheet({ report, what, lead, settings, origin, noReplay, replayNote, notKnown, children }: Props) {
  const { headline, replay, assumptions, provenance } = report;
  return (
    <main class="report">
      <p class="tagline">
        <VerdictTag verdict={{ passed: report.passed ?? undefined, tag: report.tag }} />{' '}
        <span>
          {what}
          {origin ? '' : `. ${provenance.writtenAt?.slice(0, 10) ?? 'Date not recorded'}`}
        </span>
      </p>
      <h1>{headline}</h1>
      <p class="lead">{lead}</p>
      <Reasons report={report} />
      {children}
      <Facts title="Settings" facts={settings} />
      <Facts title="Where this comes from" facts={origin ?? provenanceFacts(report)} />
      <Section title="Replay">
        <p>{replay === null ? noReplay : replayNote}</p>
        {replay === null ? null : <CommandLine of={replay} />}
      </Section>
      <Section title="Assumptions">
        {assumptions.length === 0 ? <p>None.</p> : null}
        <ul>
          {assumptions.map((assumption) => (
            <li key={assumption}>{assumption}</li>
          ))}
        </ul>
        {notKnown === undefined ? null : <p>{notKnown}</p>}
      </Section>
    </main>
  );
}

function Reasons({ report: { passed, reasons } }: { report: ReportHead }) {
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

const NOT_RECORDED = 'not recorded';
const CHECKOUT = {
  clean: 'as in the commit',
  changed: 'changed since the commit: the commit alone does not repeat this',
  unknown: 'unknown',
} as const;

function provenanceFacts({ provenance }: ReportHead): Fact[] {
  const { program, commit, checkout, writtenAt, configSha256, stackSha256 } = provenance;
  return [
    ['Written', writtenAt ?? NOT_RECORDED],
    ['Program', program ?? NOT_RECORDED],
    ['Commit', commit ?? NOT_RECORDED],
    ['Checkout', checkout === null ? NOT_RECORDED : CHECKOUT[checkout]],
    ['dr.config.ts, SHA-256', configSha256 ?? NOT_RECORDED],
    ['Terraform JSON, SHA-256', stackSha256 ?? NOT_RECORDED],
  ];
}

/** What decides the figures. */
export function settingFacts(settings: Settings | null): Fact[] {
  if (settings === null) return [['Regions, routing, health checks', NOT_RECORDED]];
  const { regions, routing, intervalSeconds, failureThreshold, ttlSeconds, objective } = settings;
  return [
    ['Regions', regions.map(({ name, awsRegion }) => `${titled(name)} (${awsRegion})`).join(', ')],
    ['Routing', routing],
    ['Health check', `every ${intervalSeconds} s, ${failureThreshold} in a row`],
    ['TTL', `${ttlSeconds} s`],
    [
      'Objectives',
      objective === null
        ? 'none of its own'
        : `recovery time ${objective.rtoSeconds} s, oldest write at risk ${objective.rpoSeconds} s`,
    ],
  ];
}

export function Facts({ title, facts }: { title: string; facts: readonly Fact[] }) {
  return (
    <Section title={title}>
      <dl class="settings">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{/SHA|Commit/.test(name) && value !== NOT_RECORDED ? <code>{value}</code> : value}</dd>
          </div>
        ))}
      </dl>
    </Section>
  );
}

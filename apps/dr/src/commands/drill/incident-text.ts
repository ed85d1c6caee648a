// A public incident in words: what ships, and what the twin did in each phase.
import type { Incident, Violation } from '@dr/drills';
import {
  feltBy,
  mappingOf,
  requestsOf,
  scaleOf,
  SHORTENED,
  type IncidentReport,
  type Meanwhile,
  type ReportedPhase,
} from '@dr/player';
import pc from 'picocolors';
import { hanging, wrapped } from '../../terminal/wrapped';

export interface Told {
  /** The verdict of the run in a sentence or two. */
  readonly headline: string;
  readonly incident: IncidentReport;
  readonly violations: readonly Violation[];
}

type Colors = ReturnType<typeof pc.createColors>;

const LINE = 78;

/** Ends with a newline. */
export function incidentText({ headline, incident, violations: { length: violations } }: Told, color: boolean): string {
  const c = pc.createColors(color);
  const { title, phases, afterwards, clients, look, sources } = incident;
  const lines = [
    c.bold(title),
    ...[mappingOf(incident), SHORTENED, look].flatMap(paragraph),
    '',
    c.bold('Then, and on the twin (simulated)'),
    ...phases.flatMap((phase) => [...phaseLines(phase, c), '']),
    ...(afterwards ? ['  Afterwards', ...meanwhileLines(afterwards), ''] : []),
    c.bold('Who felt it'),
    ...clients.flatMap((one) => paragraph(feltBy(one))),
    '',
    c.bold('Accounts of the incident'),
    ...sourceLines(sources),
    '',
    ...wrapped(headline, LINE),
    violations === 0
      ? c.green('Passed: every check below holds.')
      : c.red(`Not passed: of the checks below ${violations === 1 ? '1 does' : `${violations} do`} not hold.`),
  ];
  return `${lines.join('\n')}\n`;
}

/** Every incident with its facts. Ends with a newline. */
export const listText = (incidents: readonly Incident[]): string =>
  incidents
    .map(({ name, title, happenedIn, phases, look, sources }) =>
      [
        `${name}: ${title}`,
        `  Happened in ${happenedIn}.`,
        ...paragraph(look),
        ...phases.flatMap((phase) => [
          ...thenLines(phase),
          ...('notEnacted' in phase
            ? note('Not enacted', phase.notEnacted)
            : note('Enacted', phase.enacted.faults?.map(({ kind }) => kind).join(', ') ?? 'orders, or what goes on')),
        ]),
        ...sourceLines(sources),
        '',
      ].join('\n'),
    )
    .join('\n');

const paragraph = (text: string): string[] => hanging('  ', text);
const note = (head: string, text: string | undefined): string[] =>
  text === undefined ? [] : hanging(`      ${head}: `, text);

function thenLines({ when, what, by, unconfirmed }: Pick<ReportedPhase, 'when' | 'what' | 'by' | 'unconfirmed'>) {
  return [`  ${when}`, ...hanging('    ', `${what} [${by.join(', ')}]`), ...note('Not confirmed', unconfirmed)];
}

function phaseLines(phase: ReportedPhase, c: Colors): string[] {
  const { enacted, assumed, notEnacted, meanwhile } = phase;
  const scale = scaleOf(phase);
  return [
    ...thenLines(phase),
    ...note('Not enacted', notEnacted),
    ...note('Here', enacted === undefined ? undefined : `${enacted} (${scale})`),
    ...note('Assumed', assumed).map((line) => c.dim(line)),
    ...(meanwhile ? meanwhileLines(meanwhile) : []),
  ];
}

const meanwhileLines = (of: Meanwhile): string[] => [
  ...of.events.flatMap(({ atSeconds, text }) => {
    const head = `    ${atSeconds.toFixed(1).padStart(7)} s  `;
    return wrapped(text, LINE - head.length).map((line, at) => `${at === 0 ? head : ' '.repeat(head.length)}${line}`);
  }),
  `             ${requestsOf(of)}`,
];

const sourceLines = (sources: Told['incident']['sources']): string[] =>
  sources.flatMap(({ title, url }, at) => [`  [${at + 1}] ${title}`, `      ${url}`]);

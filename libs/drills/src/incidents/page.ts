// docs/drills/incidents.md below its introduction: every incident with its facts, their sources, and what of it is enacted.
import { aimOf } from '@dr/contracts';
import type { Incident, Phase } from './incident';
import { INCIDENTS } from './published';

/** A section an incident. */
export const incidentSections = (): string => INCIDENTS.map(section).join('\n');

function section({ name, title, date, happenedIn, look, sources, phases }: Incident): string {
  return [
    `### \`${name}\``,
    '',
    `${title}: ${date}, in ${happenedIn}.`,
    '',
    '| then | what happened | by | on the twin |',
    '|---|---|---|---|',
    ...phases.map((phase) => `| ${[phase.when, whatOf(phase), phase.by.join(', '), here(phase)].join(' | ')} |`),
    '',
    look,
    '',
    ...sources.map((source, at) => `${at + 1}. [${source.title}](${source.url})`),
    '',
  ].join('\n');
}

const WHERE = { struck: [], next: ['in another region'], others: ['in all other regions'] } as const;

const whatOf = ({ what, unconfirmed }: Phase): string =>
  unconfirmed === undefined ? what : `${what}. Not confirmed: ${unconfirmed}`;

function here(phase: Phase): string {
  if ('notEnacted' in phase) return `not enacted: ${phase.notEnacted}`;
  const { seconds, faults = [], orders = [], assumed } = phase.enacted;
  const done = [
    ...faults.map(({ kind, at, intensity, ...aim }) => {
      const what = aimOf(aim);
      const share = [what === undefined ? [] : [`(${what})`], intensity === undefined ? [] : [`x ${intensity}`]].flat();
      return [`\`${kind}\``, ...share, ...(at === undefined ? [] : WHERE[at])].join(' ');
    }),
    ...orders.map(({ order }) => `\`dr ${order}\``),
  ];
  const text = done.length === 0 ? 'nothing new begins' : done.join(', ');
  return `${seconds} s: ${text}${assumed === undefined ? '' : `. Assumed: ${assumed}`}`;
}

// The text of dr.config.ts for given answers, laid out as the project's own files are.
import type { Answers } from './questions';

const WIDTH = 120;

/** A literal of TypeScript, in single quotes unless it holds one. */
const literal = (text: string): string =>
  text.includes("'") ? JSON.stringify(text) : `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')}'`;

export function configText({ system, zone, domain, regions, objectives, routing, alerts }: Answers): string {
  const { rtoSeconds, rpoSeconds, requestsPerSecond, monthlyBudgetUsd } = objectives;
  return [
    '// The one file you edit: what this system is called, where it runs, and what it must achieve.',
    "import type { DrConfigInput } from '@dr/contracts/system/config';",
    '',
    'const config: DrConfigInput = {',
    `  system: ${literal(system)},`,
    `  zone: ${literal(zone)},`,
    `  domain: ${literal(domain)},`,
    '  regions: [',
    ...regions.map(({ name, awsRegion }) => `    { name: ${literal(name)}, awsRegion: ${literal(awsRegion)} },`),
    '  ],',
    '  objectives: {',
    `    rtoSeconds: ${rtoSeconds},`,
    `    rpoSeconds: ${rpoSeconds},`,
    `    requestsPerSecond: ${requestsPerSecond},`,
    `    monthlyBudgetUsd: ${monthlyBudgetUsd},`,
    '  },',
    `  routing: ${literal(routing ?? 'latency')},`,
    ...alertLines(alerts),
    '};',
    '',
    'export default config;',
    '',
  ].join('\n');
}

function alertLines({ emails, sms }: Answers['alerts']): string[] {
  const lists = Object.entries({ emails, sms }).filter(([key, list]) => key === 'emails' || list.length > 0);
  const inline = lists.map(([key, list]) => `${key}: [${list.map(literal).join(', ')}]`);
  const line = `  alerts: { ${inline.join(', ')} },`;
  if (line.length <= WIDTH) return [line];
  return ['  alerts: {', ...lists.flatMap(([key, list], at) => listLines(key, list, inline[at] ?? '')), '  },'];
}

function listLines(key: string, list: readonly string[], inline: string): string[] {
  const line = `    ${inline},`;
  return line.length <= WIDTH ? [line] : [`    ${key}: [`, ...list.map((one) => `      ${literal(one)},`), '    ],'];
}

// A validation run in words: one line while it goes on, a few when it has ended.
import { differencesIn, type PeerReport, type ValidationReport } from '@dr/consistency';
import { columns } from '../terminal/columns';
import { onOneLine } from '../terminal/printable';

const count = (n: number): string => n.toLocaleString('en-US');
const invocationsIn = (n: number): string => `${count(n)} ${n === 1 ? 'invocation' : 'invocations'}`;

export function validationLine({ region, progress, busy }: ValidationReport): string {
  const { items, share, open, invocations, waitingFor } = progress;
  const parts = [
    `${count(items)} versions read${share === null ? '' : `, about ${Math.floor(share * 100)} %`}`,
    `${count(open)} keys to look at again`,
    invocationsIn(invocations),
    ...(busy ? ['another invocation is at work'] : []),
    ...(waitingFor === undefined ? [] : [`tries again: ${waitingFor}`]),
  ];
  return onOneLine(`${region}: ${parts.join(', ')}`);
}

export function renderValidation(report: ValidationReport, seconds: number): string {
  const { region, run, startedAt, passed, newer, progress, peers } = report;
  const rows = peers.map((peer) => [
    peer.peer,
    verdictOf(peer),
    `${count(peer.itemsHere)} here, ${count(peer.itemsThere)} there`,
    `missing here ${count(peer.missingHere)}, there ${count(peer.missingThere)}, divergent ${count(peer.divergent)}`,
    `in flight ${count(peer.inFlight)}, conflicting ${count(peer.conflicting)}`,
  ]);
  const samples = peers.flatMap(({ peer, samples: named }) =>
    named.map(({ kind, id, timestamp }) => [`  ${peer}`, kind, id, timestamp]),
  );
  const why = peers.flatMap(({ peer, incompleteBecause }) =>
    incompleteBecause === undefined ? [] : [onOneLine(`${peer} was not compared to its end: ${incompleteBecause}.`)],
  );
  const differ = peers.reduce((sum, peer) => sum + differencesIn(peer), 0);
  const shown = samples.length < differ ? `, the first ${samples.length} of ${count(differ)}` : '';
  return [
    onOneLine(
      `${passed ? 'PASSED' : 'FAILED'}  run ${run ?? ''} of ${region}, begun at ${startedAt ?? ''}: ${invocationsIn(progress.invocations)}, ` +
        `${Math.round(seconds)} s; ${count(newer)} versions written since then were left out`,
    ),
    columns(rows),
    ...why,
    ...(samples.length > 0 ? [`Differences${shown} (id, version):`, columns(samples)] : []),
    '',
  ].join('\n');
}

function verdictOf(peer: PeerReport): string {
  if (differencesIn(peer) > 0) return peer.complete ? 'differs' : 'differs, at least so much';
  return peer.complete ? 'equal' : 'not known';
}

// Two runs in figures, a row each.
import type { Difference } from '../../words/differences';
import type { Former } from '../../report/about';
import { Table } from './section';

export function Differences({ former: { name, differences } }: { former: Former }) {
  return (
    <Table title="Change since a former run" head={['What', name, 'This run', 'Difference']}>
      <DifferenceRows differences={differences} />
    </Table>
  );
}

export function DifferenceRows({ differences }: { differences: readonly Difference[] }) {
  return (
    <>
      {differences.map(({ what, before, now, change, judged, note }) => (
        <tr key={what}>
          <th scope="row">
            {what}
            {note === undefined ? null : <small>{note}</small>}
          </th>
          <td>{before}</td>
          <td>{now}</td>
          <td class={judged === 'better' ? 'ok' : judged === 'worse' ? 'fail' : 'quiet'}>
            {change}
            {judged === 'same' || judged === 'not judged' ? '' : `, ${judged}`}
          </td>
        </tr>
      ))}
    </>
  );
}

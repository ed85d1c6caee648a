// Of a report, the table of objectives: what was asked, what the settings promise, what the twin has shown, what AWS has.
import type { Column, ObjectiveLine } from '../../report/document';
import { Met, Table } from './section';

const COLUMNS: readonly Column[] = ['objective', 'predicted', 'simulated', 'measured'];

/** `measured`: the title of the last column. */
export function Objectives({
  lines,
  measured = 'Measured on AWS',
}: {
  lines: readonly ObjectiveLine[];
  measured?: string;
}) {
  const head = ['What', 'Objective', 'Predicted, at most', 'Simulated', 'Verdict', measured];
  return (
    <Table title="Objectives" head={head}>
      {lines.map(({ what, note, shown, seconds, met }) => {
        const [objective, predicted, simulated, last] = COLUMNS.map((column) => shown[column]);
        return (
          <tr key={what}>
            <th scope="row">
              {what}
              {note === undefined ? null : <small>{note}</small>}
            </th>
            <td>{objective}</td>
            <td>{predicted}</td>
            <td>{simulated}</td>
            <td>{met === undefined ? null : <Met met={met} />}</td>
            <td class={seconds && seconds.measured === undefined ? 'quiet' : undefined}>{last}</td>
          </tr>
        );
      })}
    </Table>
  );
}

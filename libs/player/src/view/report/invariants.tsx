// What a run was judged by, a row each: those that are broken first.
import type { Invariant } from '../../report/document';
import { Met } from './section';

export function Invariants({ invariants }: { invariants: readonly Invariant[] }) {
  const broken = invariants.filter(({ holds }) => !holds);
  const rest = invariants.filter(({ holds }) => holds);
  return (
    <>
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
    </>
  );
}

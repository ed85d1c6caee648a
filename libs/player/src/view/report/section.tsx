// What every part of a report is made of.
import { Fragment, type ComponentChildren } from 'preact';
import { Icon } from '../icons';

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

/** A section with a table, which scrolls by itself where it is wider than the page. */
export function Table({
  title,
  head,
  note,
  children,
}: {
  title: string;
  head: readonly string[];
  note?: string;
  children: ComponentChildren;
}) {
  return (
    <Section title={title}>
      {note === undefined ? null : <p>{note}</p>}
      <div class="scroll" tabIndex={0} role="region" aria-label={title}>
        <table>
          <thead>
            <tr>
              {head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>{children}</tbody>
        </table>
      </div>
    </Section>
  );
}

/** A table of sentences. On a narrow page each row is a list of its cells, each with its head. The first cell names the row. */
export function Entries({
  title,
  head,
  note,
  rows,
}: {
  title: string;
  head: readonly string[];
  note?: string;
  rows: readonly (readonly ComponentChildren[])[];
}) {
  return (
    <Section title={title}>
      {note === undefined ? null : <p>{note}</p>}
      <table class="entries">
        <thead>
          <tr>
            {head.map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, ...cells], index) => (
            <tr key={index}>
              <th scope="row">{breakable(name)}</th>
              {cells.map((cell, at) => (
                <td key={at} data-head={head[at + 1]}>
                  {breakable(cell)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Section>
  );
}

/** Addresses of resources and of pages are long words: they may be broken after a dot, a slash or an underscore. */
const breakable = (cell: ComponentChildren): ComponentChildren =>
  typeof cell === 'string'
    ? cell.split(/(?<=\S{8}[._/])(?=\S{4})/).map((part, index) => (
        <Fragment key={index}>
          {index > 0 ? <wbr /> : ''}
          {part}
        </Fragment>
      ))
    : cell;

export const Met = ({ met, yes = 'met', no = 'missed' }: { met: boolean; yes?: string; no?: string }) => (
  <span class={met ? 'met ok' : 'met fail'}>
    <Icon of={met ? 'tick' : 'cross'} /> {met ? yes : no}
  </span>
);

/** A command, which is broken between its words alone: `--seed` stays whole. */
export const CommandLine = ({ of }: { of: string }) => (
  <pre>
    {of.split(' ').map((word, index) => (
      <Fragment key={index}>
        {index > 0 ? ' ' : ''}
        <span class="word">{word}</span>
      </Fragment>
    ))}
  </pre>
);

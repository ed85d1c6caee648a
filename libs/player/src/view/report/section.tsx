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

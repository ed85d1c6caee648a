// What every part of a report is made of.
import type { ComponentChildren } from 'preact';
import { Icon } from './icons';

export function Section({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

export const Met = ({ met, yes = 'met', no = 'missed' }: { met: boolean; yes?: string; no?: string }) => (
  <span class={met ? 'ok' : 'fail'}>
    <Icon of={met ? 'tick' : 'cross'} /> {met ? yes : no}
  </span>
);

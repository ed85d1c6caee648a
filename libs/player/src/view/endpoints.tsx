// How the running system is reached from outside of the page: command lines to copy.
import { useState } from 'preact/hooks';
import { copyText } from '../adapters/browser';
import type { Endpoints } from '../live/messages';
import { linesOf } from '../words/command-lines';

export function EndpointsOf({ endpoints }: { endpoints: Endpoints }) {
  const [last, setLast] = useState({ line: '', label: '' });
  const copy = (line: string): void => {
    copyText(line).then(
      () => setLast({ line, label: 'Copied' }),
      () => setLast({ line, label: 'Select it: the browser copies nothing' }),
    );
  };
  return (
    <details class="endpoints">
      <summary>Reach it yourself: curl, dig, aws</summary>
      <ul>
        {linesOf(endpoints).map(({ what, line }) => (
          <li key={line}>
            <span class="sub">{what}</span>
            <code tabIndex={0}>{line}</code>
            <button type="button" class="button" onClick={() => copy(line)}>
              {last.line === line ? last.label : 'Copy'}
              <span class="hidden">: {what}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

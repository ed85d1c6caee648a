// How the running system is reached from outside of the page: command lines to copy.
import { useState } from 'preact/hooks';
import { copyText } from '../adapters/browser';
import type { Endpoints } from '../live/messages';
import { linesOf } from '../words/command-lines';

export function EndpointsOf({ endpoints }: { endpoints: Endpoints }) {
  const [copied, setCopied] = useState('');
  const copy = (line: string): void => {
    copyText(line).then(
      () => setCopied(line),
      () => setCopied(''),
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
              {copied === line ? 'Copied' : 'Copy'}
              <span class="hidden">: {what}</span>
            </button>
          </li>
        ))}
      </ul>
    </details>
  );
}

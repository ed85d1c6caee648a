// The page begins here: it unpacks the logs that stand in it, and draws them.
import { render } from 'preact';
import { afterFirstPaint } from './adapters/browser';
import { unpackLogs } from './adapters/unpack';
import { RunLog } from './log/run-log';
import { App } from './view/app';

const root = document.getElementById('page') as HTMLElement;

afterFirstPaint()
  .then(() => unpackLogs(document))
  .then(({ logs, names, about }) => {
    root.replaceChildren();
    render(<App logs={logs.map((log) => new RunLog(log))} names={names} about={about} hash={location.hash} />, root);
    root.dataset['state'] = 'ready';
  })
  .catch((error: unknown) => {
    root.dataset['state'] = 'failed';
    const said = document.createElement('p');
    said.setAttribute('role', 'alert');
    said.textContent = `This page cannot be drawn: ${error instanceof Error ? error.message : String(error)}`;
    root.append(said);
  });

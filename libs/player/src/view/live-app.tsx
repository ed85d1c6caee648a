// The page of a run that goes on: it waits until the console has said what runs, and shows it.
import { useEffect, useState } from 'preact/hooks';
import { useFrames } from '../adapters/browser';
import type { Console } from '../adapters/console';
import type { About } from '../report/about';
import { App } from './app';
import { OfConsole } from './of-console';

/** How often it is looked whether another run has begun. */
const LOOK_MS = 250;

export function LiveApp({ console, about }: { console: Console; about: About }) {
  const { run } = console;
  const [log, setLog] = useState(run.log);
  useFrames(true, () => setLog(run.log), LOOK_MS);
  useEffect(() => {
    if (log) document.title = `${log.header.domain}: dr console`;
  }, [log]);
  if (!log)
    return (
      <main>
        <h1>Connecting to the console…</h1>
      </main>
    );
  return (
    <OfConsole.Provider value={console}>
      <App key={log.header.writtenAt} logs={[log]} names={['dr console']} about={about} />
    </OfConsole.Provider>
  );
}

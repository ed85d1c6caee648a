// The page: its tabs, its theme, its keys. What it shows is in the logs that it was given.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RunLog } from '../log/run-log';
import { addressNow, showAddress, useAddress, useFrames } from '../adapters/browser';
import type { About } from '../report/about';
import { runReportOf } from '../report/run';
import { parseAddress, VIEWS, type Address, type View } from './address';
import { Compare } from './compare';
import type { Kept } from './cursor';
import { KEYS } from './keys';
import { useConsole } from './of-console';
import { Player } from './player';
import { RunReport } from './report/run';
import { useTheme } from './theme';

interface Props {
  readonly logs: readonly RunLog[];
  readonly names: readonly string[];
  readonly about: About;
}

const REPORT_MS = 1_000;
const TITLES = { player: 'Player', report: 'Report', compare: 'Compare' } as const;

export function App({ logs, names, about }: Props) {
  const address = useMemo(() => parseAddress(addressNow()), []);
  const [view, setView] = useState<View>(
    address.view ?? (logs.length > 1 && address.atMs === undefined ? 'compare' : 'player'),
  );
  /** One moment for all views. */
  const kept = useRef<Kept>(keptOf(address));
  const [opened, setOpened] = useState(0);
  useAddress((hash) => {
    const next = parseAddress(hash);
    kept.current = { ...kept.current, ...keptOf(next) };
    setView(next.view ?? (next.atMs === undefined ? view : 'player'));
    setOpened(opened + 1);
  });
  // The report of a run that goes on is drawn anew from time to time; the player draws itself.
  const run = useConsole()?.run;
  const [, setDrawn] = useState(0);
  useFrames(run !== undefined && view === 'report', () => setDrawn(run?.version ?? 0), REPORT_MS);
  const [help, setHelp] = useState(false);
  const turn = useTheme();
  const views = VIEWS.filter((one) => one !== 'compare' || logs.length > 1);
  const log = logs[logs.length - 1] as RunLog;

  const open = (next: View): void => {
    setView(next);
    if (next === 'report') showAddress('#report');
  };
  useViewKeys(views, { open, turn, help: (isAsked) => setHelp(isAsked && !help) });

  return (
    <>
      <Top {...{ views, view, log, names, help, open, turn }} onHelp={() => setHelp(!help)} />
      {help ? <Help /> : null}
      {view === 'player' ? <Player key={opened} log={log} kept={kept} /> : null}
      {view === 'report' ? <RunReport log={log} report={runReportOf(log, about)} /> : null}
      {view === 'compare' ? (
        <Compare key={opened} logs={[logs[0] as RunLog, log]} names={[names[0] ?? '', names[1] ?? '']} kept={kept} />
      ) : null}
    </>
  );
}

interface TopProps extends Pick<ViewActs, 'open' | 'turn'> {
  readonly views: readonly View[];
  readonly view: View;
  readonly log: RunLog;
  readonly names: readonly string[];
  readonly help: boolean;
  onHelp(): void;
}

function Top({ views, view, log, names, help, open, turn, onHelp }: TopProps) {
  const isLive = useConsole() !== undefined;
  return (
    <header class="top">
      <b>dr</b>
      <nav class="tabs" aria-label="Views">
        {views.map((one) => (
          <button key={one} type="button" aria-current={one === view ? 'page' : undefined} onClick={() => open(one)}>
            {TITLES[one]}
          </button>
        ))}
      </nav>
      <p class="meta">
        {isLive ? <a href="/log">Save the log</a> : <span>{names.join(', ')}</span>}
        <span>
          seed <code>{log.header.seed}</code>
        </span>
        <span>
          commit <code>{log.header.commit}</code>
        </span>
      </p>
      <button type="button" class="button" aria-expanded={help} aria-label="Keys" onClick={onHelp}>
        ?
      </button>
      <button type="button" class="button" onClick={turn}>
        Theme
      </button>
    </header>
  );
}

interface ViewActs {
  open(view: View): void;
  /** Dark or light. */
  turn(): void;
  /** false: it is to be closed. */
  help(isAsked: boolean): void;
}

function useViewKeys(views: readonly View[], acts: ViewActs): void {
  useEffect(() => {
    const listen = ({ target, key, ctrlKey, metaKey, altKey }: KeyboardEvent): void => {
      if (ctrlKey || metaKey || altKey || ['SELECT', 'INPUT'].includes((target as HTMLElement).tagName)) return;
      const next = views.find((one) => one.startsWith(key.toLowerCase()));
      if (next) acts.open(next);
      else if (key.toLowerCase() === 'd') acts.turn();
      else if (key === '?' || key === 'Escape') acts.help(key === '?');
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  });
}

const keptOf = ({ atMs, window }: Address): Kept => ({
  ...(atMs === undefined ? {} : { atMs }),
  ...(window === undefined ? {} : { window }),
});

function Help() {
  return (
    <section class="card help" aria-label="Keys">
      <dl>
        {KEYS.map(([key, does]) => (
          <div key={key}>
            <dt>{key}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

// The page: its tabs, its theme, its keys. What it shows is in the logs that it was given.
import { useEffect, useState } from 'preact/hooks';
import type { RunLog } from '../log/run-log';
import { showAddress } from '../adapters/browser';
import { verdictOf } from '../words/verdict';
import type { About } from './about';
import { parseAddress, VIEWS, type View } from './address';
import { Compare } from './compare';
import { KEYS } from './keys';
import { Player } from './player';
import { Report } from './report';

interface Props {
  readonly logs: readonly RunLog[];
  readonly names: readonly string[];
  readonly about: About;
  readonly hash: string;
}

const TITLES = { player: 'Player', report: 'Report', compare: 'Compare' } as const;

export function App({ logs, names, about, hash }: Props) {
  const address = parseAddress(hash);
  const [view, setView] = useState<View>(address.view ?? (logs.length > 1 ? 'compare' : 'player'));
  const [help, setHelp] = useState(false);
  const [dark, setDark] = useState<boolean | undefined>(undefined);
  const views = VIEWS.filter((one) => one !== 'compare' || logs.length > 1);
  const log = logs[logs.length - 1] as RunLog;

  useEffect(() => {
    if (dark !== undefined) document.documentElement.dataset['theme'] = dark ? 'dark' : 'light';
  }, [dark]);
  const turn = (): void => setDark(!(dark ?? matchMedia('(prefers-color-scheme: dark)').matches));
  const open = (next: View): void => {
    setView(next);
    if (next !== 'player') showAddress(`#${next}`);
  };
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || (event.target as HTMLElement).tagName === 'SELECT') return;
      const next = views.find((one) => one.startsWith(event.key.toLowerCase()));
      if (next) open(next);
      else if (event.key.toLowerCase() === 'd') turn();
      else if (event.key === '?') setHelp(!help);
      else if (event.key === 'Escape') setHelp(false);
    };
    document.addEventListener('keydown', listen);
    return () => document.removeEventListener('keydown', listen);
  });

  return (
    <>
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
          <span>{names.join(', ')}</span>
          <span>
            seed <code>{log.header.seed}</code>
          </span>
          <span>
            commit <code>{log.header.commit}</code>
          </span>
        </p>
        <button type="button" class="button" aria-expanded={help} aria-label="Keys" onClick={() => setHelp(!help)}>
          ?
        </button>
        <button type="button" class="button" onClick={turn}>
          Theme
        </button>
      </header>
      {help ? <Help /> : null}
      {view === 'player' ? <Player key="player" log={log} address={address} /> : null}
      {view === 'report' ? <Report log={log} verdict={verdictOf(log)} about={about} /> : null}
      {view === 'compare' ? <Compare logs={[logs[0] as RunLog, log]} names={[names[0] ?? '', names[1] ?? '']} /> : null}
    </>
  );
}

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

// The page begins here: it unpacks the logs that stand in it, or follows the run of the console that serves it, and draws them.
import { render } from 'preact';
import { afterFirstPaint } from './adapters/browser';
import { connect } from './adapters/console';
import { aboutOf, reportIn, unpackLogs } from './adapters/unpack';
import { LiveRun } from './live/live-run';
import { RunLog } from './log/run-log';
import { App } from './view/app';
import { LiveApp } from './view/live-app';
import { ReportPage } from './view/report-page';

const root = document.getElementById('page') as HTMLElement;
const live = root.dataset['live'];

afterFirstPaint()
  .then(() => (live === undefined ? recorded() : running(live)))
  .then((page) => {
    root.replaceChildren();
    render(page, root);
    root.dataset['state'] = 'ready';
  })
  .catch((error: unknown) => {
    root.dataset['state'] = 'failed';
    const said = document.createElement('p');
    said.setAttribute('role', 'alert');
    said.textContent = `This page cannot be drawn: ${error instanceof Error ? error.message : String(error)}`;
    root.append(said);
  });

async function recorded() {
  const report = reportIn(document);
  if (report) return <ReportPage report={report} />;
  const { logs, names, about } = await unpackLogs(document);
  return <App logs={logs.map((log) => new RunLog(log))} names={names} about={about} />;
}

const running = async (address: string) => (
  <LiveApp console={await connect(new LiveRun(), address)} about={aboutOf(document)} />
);

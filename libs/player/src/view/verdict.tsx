// The verdict band: one sentence, four facts, the chart of the recovery time. Fixed for the run, but for the clock's hand.
import { useMemo } from 'preact/hooks';
import type { LiveRun } from '../live/live-run';
import type { Episode } from '../log/episodes';
import type { RunLog } from '../log/run-log';
import { seconds } from '../words/figures';
import { paceOf } from '../words/pace';
import { SIMULATED, verdictOf, type Verdict } from '../words/verdict';
import { Icon } from './icons';
import { useConsole } from './of-console';
import { RtoChart } from './rto-chart';

export function VerdictTag({ verdict: { passed, tag } }: { verdict: Pick<Verdict, 'passed' | 'tag'> }) {
  const tone = passed === undefined ? 'mute' : passed ? 'ok' : 'fail';
  return (
    <span class={`tag ${tone}`}>
      <Icon of={passed === undefined ? 'flag' : passed ? 'tick' : 'cross'} /> {tag}
    </span>
  );
}

interface BandProps {
  readonly log: RunLog;
  readonly atMs: number;
  readonly episode: Episode | undefined;
}

export function VerdictBand({ log, atMs, episode }: BandProps) {
  const run = useConsole()?.run;
  const verdict = verdictOf(log);
  const said = useMemo(() => <Said verdict={verdict} run={run} />, [verdict, run?.settings]);
  return (
    <div class="verdict">
      {said}
      <RtoChart log={log} atMs={atMs} episode={episode} />
    </div>
  );
}

/** How the run goes on; of one that is over, what all figures are. */
function Going({ run }: { run: LiveRun | undefined }) {
  if (run?.cutWhy !== undefined) return <span class="fail">The run could not go on: {run.cutWhy}</span>;
  if (!run?.clock || run.isOver) return <span>{SIMULATED}</span>;
  if (run.link === 'lost')
    return (
      <span class="fail">
        The console does not answer, trying again. What is shown is known up to {seconds(run.clock.atMs)}.
      </span>
    );
  return (
    <>
      <span>{paceOf(run.clock)}</span>
      <span>{SIMULATED}</span>
    </>
  );
}

function Said({ verdict, run }: { verdict: Verdict; run: LiveRun | undefined }) {
  return (
    <div class="said">
      <p class="tagline">
        <VerdictTag verdict={verdict} /> <Going run={run} />
      </p>
      <h1>{verdict.headline}</h1>
      {verdict.reasons.length > 0 ? (
        <ul class="reasons">
          {verdict.reasons.slice(0, 4).map((reason) => (
            <li key={reason}>{reason}</li>
          ))}
          {verdict.reasons.length > 4 ? <li>and {verdict.reasons.length - 4} more, in the report</li> : null}
        </ul>
      ) : null}
      <dl class="facts">
        {verdict.facts.map(({ name, value, notes }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="value">{value}</dd>
            {notes.map(({ text, met }) => (
              <dd key={text} class="note">
                {met === undefined ? null : (
                  <span class={met ? 'ok' : 'fail'}>
                    <Icon of={met ? 'tick' : 'cross'} />
                    <span class="hidden">{met ? 'met:' : 'missed:'}</span>
                  </span>
                )}
                {text}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </div>
  );
}

// The moment that the page shows: it is sought, it plays, or it follows a run that goes on.
import { useCallback, useRef, useState } from 'preact/hooks';
import { useFrames } from '../adapters/browser';
import type { LiveRun } from '../live/live-run';
import type { RunLog } from '../log/run-log';
import type { Chip } from '../words/story';
import { openingMs, type WindowName } from '../words/windows';

/** What a view leaves to the next one. */
export interface Kept {
  /** undefined: where the page opens. */
  atMs?: number;
  window?: WindowName;
  chip?: Chip;
  speed?: number;
}

export interface Cursor {
  readonly atMs: number;
  readonly isPlaying: boolean;
  /** It is where the run is. */
  readonly isFollowing: boolean;
  readonly speed: number;
  seek(atMs: number): void;
  play(): void;
  follow(): void;
  setSpeed(speed: number): void;
}

/** The console tells of a run ten times a second: to draw more often shows nothing new, and takes the processor from who simulates it. */
const LIVE_FRAME_MS = 100;
/** How often the log's growth is drawn while the cursor stands. */
const GROWTH_MS = 250;

export function useCursor(log: RunLog, kept: { current: Kept }, run: LiveRun | undefined): Cursor {
  const isRunning = run !== undefined && log.state === 'running';
  const [soughtMs, setSoughtMs] = useState(() => Math.min(log.endMs, kept.current.atMs ?? openingMs(log)));
  const [isPlaying, setPlaying] = useState(false);
  const [following, setFollowing] = useState(isRunning && kept.current.atMs === undefined);
  const [speed, setSpeed] = useState(kept.current.speed ?? 5);
  const [, setDrawn] = useState(0);
  const isFollowing = following && isRunning;
  // A run that ends leaves the cursor at its end.
  const atMs = following ? log.endMs : soughtMs;
  const sinceDrawn = useRef(0);

  useFrames(
    isPlaying || isRunning,
    (elapsedMs) => {
      if (isPlaying) {
        const next = Math.min(log.endMs, soughtMs + elapsedMs * speed);
        setSoughtMs(next);
        if (next < log.endMs) return;
        setPlaying(false);
        setFollowing(isRunning);
      }
      sinceDrawn.current += elapsedMs;
      if (!run || (!isFollowing && sinceDrawn.current < GROWTH_MS)) return;
      sinceDrawn.current = 0;
      setDrawn(run.version);
    },
    run ? LIVE_FRAME_MS : 0,
  );

  kept.current = { ...kept.current, speed };
  if (isFollowing) delete kept.current.atMs;
  else kept.current.atMs = atMs;

  const seek = useCallback(
    (ms: number) => {
      setPlaying(false);
      setFollowing(false);
      setSoughtMs(Math.min(log.endMs, Math.max(0, ms)));
    },
    [log],
  );
  const play = (): void => {
    setSoughtMs(!isPlaying && !isRunning && atMs >= log.endMs ? 0 : atMs);
    setFollowing(false);
    setPlaying(!isPlaying);
  };
  const follow = useCallback(() => {
    setPlaying(false);
    setFollowing(true);
  }, []);
  return { atMs, isPlaying, isFollowing, speed, seek, play, follow, setSpeed };
}

// While a command waits and says nothing: one line on a terminal that says what it is at, from the second second on.
import type { FilesContext, ProjectContext } from '../context';
import { liveLine } from './live-line';

const QUIET_MS = 1_000;
const LOOK_EVERY_MS = 500;

interface ShowingWork<C> {
  /** Its output wipes the line away. */
  readonly context: C;
  /** The project, of which the line says what is waited for. */
  around(project: ProjectContext): ProjectContext;
  /** Wipes it away for good. */
  end(): void;
}

/** On anything but a terminal nothing is shown. */
export function showingWork<C extends FilesContext>(given: C, command: string): ShowingWork<C> {
  const { every, errTerminal, wallMs } = given;
  if (!every || !errTerminal) return { context: given, around: (project) => project, end: () => undefined };
  const line = liveLine(given);
  const startedMs = wallMs();
  let quietSinceMs = startedMs;
  let at = 'working';
  let isShown = false;
  /** Somebody is asked: whatever is written now is in the way. */
  let asking = 0;
  const clear = (): void => {
    if (isShown) line.end();
    isShown = false;
    quietSinceMs = wallMs();
  };
  const stop = every(LOOK_EVERY_MS, () => {
    if (asking > 0 || wallMs() - quietSinceMs < QUIET_MS) return;
    isShown = true;
    line.show(`dr ${command}: ${at}, ${Math.floor((wallMs() - startedMs) / 1000)} s`, true);
  });
  const clearing =
    (write: (text: string) => void) =>
    (text: string): void => {
      clear();
      write(text);
    };
  const doing = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    at = what;
    return work().finally(() => (at = 'working'));
  };
  const asked = async <T>(ask: () => Promise<T>): Promise<T> => {
    clear();
    asking += 1;
    return ask().finally(() => {
      asking -= 1;
      clear();
    });
  };
  return {
    context: {
      ...given,
      out: clearing(given.out),
      err: clearing(given.err),
      live: clearing(given.live ?? given.err),
    },
    around: (project) => ({
      ...project,
      synthesize: (args, directory) => doing('synthesizing the stack', () => project.synthesize(args, directory)),
      startTwin: (options) => doing('starting the twin', () => project.startTwin(options)),
      gameDay: changed(project.gameDay, { confirm: (question) => asked(() => project.gameDay.confirm(question)) }),
      questions: { ...project.questions, ask: (prompt) => asked(() => project.questions.ask(prompt)) },
    }),
    end: () => {
      stop();
      clear();
    },
  };
}

/** What has getters and a prototype is not copied. */
const changed = <T extends object>(object: T, changes: Partial<T>): T =>
  Object.assign(Object.create(object) as T, changes);

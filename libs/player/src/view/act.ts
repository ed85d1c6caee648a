// How the parts of the page ask the console for something: what came of it is shown in one place and read out there.
import { useCallback } from 'preact/hooks';
import type { Command } from '../live/messages';
import { doneWords } from '../words/acts';
import { useConsole } from './of-console';

export function useAct(): (command: Command) => void {
  const console = useConsole();
  return useCallback(
    (command) => {
      if (!console) return;
      const before = console.run.given.faults;
      console.send(command).then(
        () => console.run.tell({ text: doneWords(command, before), isRefused: false }),
        (error: Error) => console.run.tell({ text: error.message, isRefused: true }),
      );
    },
    [console],
  );
}

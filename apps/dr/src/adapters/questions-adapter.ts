// Questions on stderr, answers on standard input, line by line: typed at a terminal or piped.
import { createInterface } from 'node:readline';
import { NoAnswer, type Questions } from '../context';
import type { Interruptions } from './interruptions';

const BAD_INPUT = 2;

/** Nothing is read before the first question. */
export function terminalQuestions(interruptions: Interruptions): Questions {
  let open: ReturnType<typeof session> | undefined;
  return {
    atTerminal: process.stdin.isTTY === true,
    ask: (prompt) => (open ??= session(interruptions)).ask(prompt),
    end: () => {
      open?.end();
      open = undefined;
    },
  };
}

function session(interruptions: Interruptions) {
  const held = interruptions.hold();
  const input = createInterface({
    input: process.stdin,
    output: process.stderr,
    terminal: process.stdin.isTTY === true && process.stderr.isTTY === true,
  });
  /** Lines that came before they were asked for: a pipe does not wait. */
  const early: string[] = [];
  let ended: NoAnswer | undefined;
  let waiting: ((answer: string | NoAnswer) => void) | undefined;
  const answer = (line: string | NoAnswer): void => {
    waiting?.(line);
    waiting = undefined;
  };
  const endWith = (why: NoAnswer): void => answer((ended ??= why));
  input.on('line', (line) => (waiting ? answer(line) : early.push(line)));
  input.on('close', () => endWith(new NoAnswer('standard input ended before every question was answered', BAD_INPUT)));
  // A terminal that readline edits lines on sends Ctrl-C as a letter.
  input.on('SIGINT', () => process.emit('SIGINT'));
  void held.asked.then(() => endWith(new NoAnswer('interrupted', held.code ?? BAD_INPUT)));
  return {
    ask: (prompt: string): Promise<string | NoAnswer> => {
      if (!ended || early.length > 0) {
        input.setPrompt(prompt);
        if (!ended) input.prompt();
      }
      const line = (ended?.code === BAD_INPUT || !ended ? early.shift() : undefined) ?? ended;
      return line === undefined ? new Promise((resolve) => (waiting = resolve)) : Promise.resolve(line);
    },
    end: () => {
      held.release();
      input.close();
      // A file has no such thing, and keeps nothing waiting.
      process.stdin.unref?.();
    },
  };
}

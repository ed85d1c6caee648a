// `dr completion`: a script for the shell, made from the commands as they are.
import { InputError } from '@dr/contracts';
import type { Command } from 'commander';
import type { Run } from '../context';
import { COMPLETIONS, completionScript, isShell } from '../terminal/completion';
import { CALL, manual, type ManualPage } from '../terminal/manual';

const PAGE: ManualPage = {
  examples: [
    ['completion bash > ~/.dr-completion', 'then add to ~/.bashrc: source ~/.dr-completion'],
    ['completion zsh > ~/.dr-completion.zsh', 'then add to ~/.zshrc, after compinit: source ~/.dr-completion.zsh'],
    ['completion fish > ~/.config/fish/completions/dr.fish', 'fish finds it there'],
  ],
  exits: { 0: 'the script is on stdout' },
};

export function completionCommand(program: Command, run: (run: Run) => void): void {
  manual(program.command('completion'), PAGE)
    .description(
      `print the completion of commands, options and values for a shell; it completes the word dr, as in: alias dr='${CALL}'`,
    )
    .argument('<shell>', COMPLETIONS.join(', '))
    .action((shell: string) => {
      if (!isShell(shell)) {
        throw new InputError(
          `completion "${shell}"`,
          'is no shell that is known here',
          `Use one of ${COMPLETIONS.join(', ')}`,
        );
      }
      run(async ({ out }) => {
        out(completionScript(shell, program));
        return 0;
      });
    });
}

// `dr completion`: a script for the shell, made from the commands as they are.
import { Argument, type Command } from 'commander';
import type { Run } from '../context';
import { CALL, PACKAGED } from '../packaged';
import { completionScript, SHELLS, type Shell } from '../terminal/completion';
import { manual, type ManualPage } from '../terminal/manual';

const PAGE: ManualPage = {
  examples: [
    ['completion bash > ~/.dr-completion', 'then add to ~/.bashrc: source ~/.dr-completion'],
    ['completion zsh > ~/.dr-completion.zsh', 'then add to ~/.zshrc, after compinit: source ~/.dr-completion.zsh'],
    ['completion fish > ~/.config/fish/completions/dr.fish', 'fish finds it there'],
  ],
  exits: { 0: 'the script is on stdout' },
};

/** In a clone: gives the word that is completed its meaning. What zsh completes behind an alias is the command that the alias stands for. */
export const DEFINITIONS: Readonly<Record<Shell, string>> = {
  bash: `alias dr='${CALL}'`,
  zsh: `dr() { ${CALL} "$@"; }`,
  fish: `alias dr='${CALL}'`,
};

export function completionCommand(command: Command, run: (run: Run) => void): void {
  const inClone = PACKAGED ? '' : `, as in: ${DEFINITIONS.bash}, in zsh: ${DEFINITIONS.zsh}`;
  manual(command, PAGE)
    .description(`${command.description()}${inClone}`)
    .addArgument(new Argument('<shell>', 'the shell that completes').choices(SHELLS))
    .action((shell: Shell) =>
      run(async ({ out }) => {
        out(completionScript(shell, command.parent ?? command));
        return 0;
      }),
    );
}

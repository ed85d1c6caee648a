// What a shell offers at the end of a command line, asked of the shell itself. For tests.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Shell } from '../terminal/completion';

const LIMIT_MS = 60_000;

export const isInstalled = (shell: Shell): boolean => spawnSync(shell, ['-c', 'exit']).status === 0;

interface Asked {
  /** File of the completion. */
  readonly script: string;
  /** Makes `dr` a command. */
  readonly definition: string;
  /** Where the user is. */
  readonly directory: string;
  readonly lines: readonly string[];
}

/** For each line what is offered at its end. */
export function offeredBy(shell: Shell, { script, definition, directory, lines }: Asked): string[][] {
  const own = mkdtempSync(join(tmpdir(), 'dr-shell-test-'));
  const asking = join(own, 'asking');
  writeFileSync(asking, ASKING[shell]);
  const given = { SCRIPT: script, DEFINITION: definition, ASKED: lines.join('\n'), OFFERED: join(own, 'offered') };
  const env = { ...process.env, HOME: own, ...given };
  try {
    const options = { encoding: 'utf8', cwd: directory, env, timeout: LIMIT_MS } as const;
    const said = execFileSync(shell, [...PLAIN[shell], asking], options);
    return said
      .split('---\n')
      .slice(0, -1)
      .map((offered) => offered.split('\n').filter((word) => word !== ''));
  } finally {
    rmSync(own, { recursive: true });
  }
}

/** Without the files of whoever runs it. */
const PLAIN: Readonly<Record<Shell, readonly string[]>> = {
  bash: ['--norc'],
  zsh: ['-f'],
  fish: ['--no-config', '--private'],
};

/** Each prints what is offered for a line of `ASKED`, and `---` behind it. */
const ASKING: Readonly<Record<Shell, string>> = {
  bash: `
eval "$DEFINITION"
source "$SCRIPT"
while IFS= read -r line; do
  read -ra COMP_WORDS <<< "$line"
  [[ $line != *' ' ]] || COMP_WORDS+=('')
  COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
  # Outside of a line that is edited, compopt has nothing to set.
  _dr 2> /dev/null
  printf '%s\\n' "\${COMPREPLY[@]}" ---
done <<< "$ASKED"
`,
  // Completion happens on a terminal only: the lines are edited on one, and what is added to the matches is written down.
  zsh: `
zmodload zsh/zpty
mkfifo $OFFERED
cat > $HOME/.zshrc <<'END'
autoload -Uz compinit
compinit -u -D
eval $DEFINITION
source $SCRIPT
setopt no_auto_list no_auto_menu no_list_beep
compadd() {
  if [[ \${@[1,(i)(-|--)]} == *-(O|A|D)\\ * ]]; then builtin compadd "$@"; return; fi
  local -a hits
  builtin compadd -A hits "$@"
  (( $#hits == 0 )) || print -rl -- \${(Q)hits} >&9
  builtin compadd "$@"
}
zle-line-init() {
  exec 9> $OFFERED
  for BUFFER in \${(f)ASKED}; do CURSOR=$#BUFFER; zle complete-word; print -u 9 -- ---; done
  exit
}
zle -N zle-line-init
END
export ZDOTDIR=$HOME
zpty terminal zsh -d -i
cat $OFFERED
`,
  fish: `
eval $DEFINITION
source $SCRIPT
for line in (string split \\n -- $ASKED)
    complete -C $line | string replace -r '\\t.*' ''
    echo ---
end
`,
};

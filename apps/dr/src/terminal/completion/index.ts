// Completion scripts: each finds out at which command the cursor is, and offers what the table has there.
import type { Command } from 'commander';
import { placesOf, type Place } from './table';

export const SHELLS = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof SHELLS)[number];

export const completionScript = (shell: Shell, program: Command): string => SCRIPTS[shell](placesOf(program));

const SCRIPTS: Readonly<Record<Shell, (places: readonly Place[]) => string>> = { bash, zsh, fish };

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;
/** `chaos test-failover` as the scripts keep it: each word behind a space. */
const key = (...words: readonly string[]): string =>
  words
    .filter((word) => word !== '')
    .map((word) => ` ${word}`)
    .join('');
const keyOf = ({ path }: Place): string => key(...path.split(' '));
const commandsIn = (places: readonly Place[]): string =>
  places
    .filter(({ path }) => path !== '')
    .map((place) => quoted(keyOf(place)))
    .join(' | ');

interface Offer {
  readonly file: string;
  readonly values: (list: string) => string;
}

/** A line of `case` for each option that takes a value: what is offered there, if anything. */
const valueCases = (places: readonly Place[], { file, values }: Offer): string =>
  places
    .flatMap((place) =>
      place.options
        .filter(({ takes }) => takes !== 'nothing')
        .map(({ word, takes }) => {
          const offer = takes === 'file' ? file : typeof takes === 'string' ? '' : values(takes.join(' '));
          return `    ${quoted(`${keyOf(place)} ${word}`)}) ${offer === '' ? '' : `${offer}; `}return ;;`;
        }),
    )
    .join('\n');

function bash(places: readonly Place[]): string {
  const values = valueCases(places, {
    file: 'compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current")',
    values: (list) => `COMPREPLY=($(compgen -W ${quoted(list)} -- "$current"))`,
  });
  const words = places.map((place) => {
    const all = [...place.words, ...place.options].map(({ word }) => word).join(' ');
    const files = place.files
      ? '; compopt -o filenames; mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")'
      : '';
    return `    ${quoted(keyOf(place))}) COMPREPLY=($(compgen -W ${quoted(all)} -- "$current"))${files} ;;`;
  });
  return `# Completion of dr for bash; made by: dr completion bash
_dr() {
  local current="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD - 1]}" at="" i
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$at \${COMP_WORDS[i]}" in
    ${commandsIn(places)}) at="$at \${COMP_WORDS[i]}" ;;
    esac
  done
  case "$at $before" in
${values}
  esac
  case "$at" in
${words.join('\n')}
  esac
}
complete -F _dr dr
`;
}

function zsh(places: readonly Place[]): string {
  const values = valueCases(places, { file: '_files', values: (list) => `compadd -- ${list}` });
  const words = places.map((place) => {
    const all = [...place.words, ...place.options].map(({ word, description }) =>
      quoted(description === '' ? word : `${word}:${description}`),
    );
    return `    ${quoted(keyOf(place))}) found=(${all.join(' ')})${place.files ? '; _files' : ''} ;;`;
  });
  return `#compdef dr
# Completion of dr for zsh; made by: dr completion zsh
_dr() {
  local before="\${words[CURRENT - 1]}" at="" i
  local -a found
  for ((i = 2; i < CURRENT; i++)); do
    case "$at \${words[i]}" in
    ${commandsIn(places)}) at="$at \${words[i]}" ;;
    esac
  done
  case "$at $before" in
${values}
  esac
  case "$at" in
${words.join('\n')}
  esac
  _describe dr found
}
if [ "$funcstack[1]" = "_dr" ]; then _dr "$@"; else compdef _dr dr; fi
`;
}

function fish(places: readonly Place[]): string {
  const lines = places.flatMap((place) => {
    const at = `complete -c dr -n ${quoted(`__dr_at "${keyOf(place)}"`)}`;
    return [
      ...(place.files ? [`${at} -F`] : []),
      ...place.words.map(({ word, description }) => `${at} -a ${word} -d ${fishQuoted(description)}`),
      ...place.options.map(({ word, description, takes }) => {
        const long = `-l ${word.replace(/^--/, '')}`;
        const value =
          takes === 'nothing'
            ? ''
            : takes === 'file'
              ? ' -r -F'
              : takes === 'other'
                ? ' -x'
                : ` -x -a ${quoted(takes.join(' '))}`;
        return `${at} ${long}${value} -d ${fishQuoted(description)}`;
      }),
    ];
  });
  return `# Completion of dr for fish; made by: dr completion fish
function __dr_at
    set -l at ""
    for word in (commandline -opc)[2..-1]
        switch "$at $word"
            case ${places
              .filter(({ path }) => path !== '')
              .map((place) => quoted(keyOf(place)))
              .join(' ')}
                set at "$at $word"
        end
    end
    test "$at" = "$argv[1]"
end
complete -c dr -f
${lines.join('\n')}
`;
}

const fishQuoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

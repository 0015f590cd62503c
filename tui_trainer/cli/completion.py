"""`completion`: what makes a shell complete our words; the shell then asks us which there are."""

from __future__ import annotations

from argparse import Namespace

from tui_trainer.cli.candidates import candidates
from tui_trainer.cli.exits import DONE

_BASH = r"""
_tui_trainer() {
    local IFS=$'\n'
    COMPREPLY=($("$1" completion bash --line "${COMP_LINE:0:COMP_POINT}" 2>/dev/null))
    if [[ ${#COMPREPLY[@]} -eq 1 && ${COMPREPLY[0]} == *[=/] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}
complete -F _tui_trainer tui-trainer
"""
_ZSH = r"""
_tui_trainer() {
    local answer value
    local -a open closed open_told closed_told
    for answer in "${(@f)$("$words[1]" completion zsh \
            --line "${(j: :)words[1,CURRENT-1]} $PREFIX" 2>/dev/null)}"; do
        value="${answer%%$'\t'*}"
        [[ -z "$value" ]] && continue
        if [[ "$value" == *[=/] ]]; then
            open+=("$value"); open_told+=("${answer/$'\t'/  }")
        else
            closed+=("$value"); closed_told+=("${answer/$'\t'/  }")
        fi
    done
    (( $#closed )) && compadd -l -d closed_told -a closed
    (( $#open )) && compadd -S '' -l -d open_told -a open
}
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }
compdef _tui_trainer tui-trainer
"""
_FISH = r"""
function __tui_trainer
    tui-trainer completion fish --line (commandline -cp | string collect) 2>/dev/null
end
complete -c tui-trainer -f -a '(__tui_trainer)'
"""
_SCRIPTS = {"bash": _BASH, "zsh": _ZSH, "fish": _FISH}
_BREAKS = "=:"
"""Where bash ends a word, and another one begins."""
_SPECIAL = " \t\"'\\$&()[]{}*?;|<>`!#~"


def run(options: Namespace) -> int:
    """Print the script of a shell, or what may follow a line that was typed so far."""
    if options.line is None:
        print(_SCRIPTS[options.shell].strip())
        return DONE
    for candidate in candidates(options.line):
        if options.shell == "bash":
            print(_for_bash(candidate.value, options.line))
        else:
            print(f"{candidate.value}\t{candidate.about}".rstrip())
    return DONE


def _for_bash(value: str, line: str) -> str:
    """Return what bash puts in the place of the piece of a word that it sees."""
    typed = line.rpartition(" ")[2]
    before = max(typed.rfind(sign) for sign in _BREAKS) + 1
    rest = value[len(typed[:before]) :] if value.startswith(typed[:before]) else value
    if typed[:1] in ("'", '"'):
        return rest
    return "".join(f"\\{char}" if char in _SPECIAL else char for char in rest)

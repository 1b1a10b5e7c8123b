# bash completion for momento-token. It asks the program, which knows its own commands and options.

# The words up to the cursor as the program will see them: readline also breaks words at `=` and `:`.
_momento_token_words() {
  local line=${COMP_LINE:0:COMP_POINT} i word
  words=()
  for ((i = 0; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    if [[ $i -eq 0 || $line == [[:space:]]* ]]; then
      words+=("$word")
    else
      words[${#words[@]} - 1]+=$word
    fi
    line=${line#"${line%%[![:space:]]*}"}
    line=${line#"$word"}
  done
}

_momento_token() {
  local current=${COMP_WORDS[COMP_CWORD]} words whole before line signature=
  _momento_token_words
  [[ $current == [=:] ]] && current=
  current=${current#[\'\"]}
  whole=${words[${#words[@]} - 1]#[\'\"]}
  words[${#words[@]} - 1]=$whole
  before=${whole%"$current"}
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == :files ]]; then
      compopt -o filenames 2>/dev/null
      while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "$current")
      break
    fi
    [[ $line == *'('$'\t'* ]] && signature=${line#*$'\t'}
    line=${line%%$'\t'*}
    COMPREPLY+=("${line#"$before"}")
  done < <("${1/#~\//$HOME/}" complete "${words[@]:1}" 2>/dev/null)
  # Beside its parameters the name of a scope is not the only one, so that readline leaves word and quote open.
  if [[ ${#COMPREPLY[@]} -eq 1 && -n $signature ]]; then COMPREPLY+=("${signature#"$before"}"); fi
}

complete -F _momento_token momento-token

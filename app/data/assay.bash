# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for assay: verbs from the program itself, then files and the flags of the verb's form.
_assay() {
  local cur=${COMP_WORDS[COMP_CWORD]} verb='' i
  for ((i = 1; i < COMP_CWORD; i++)); do
    case ${COMP_WORDS[i]} in
      -C | --annotator) ((i++)) ;;
      -*) ;;
      *) verb=${COMP_WORDS[i]}; break ;;
    esac
  done
  if [[ -z $verb ]]; then
    if [[ ${COMP_WORDS[COMP_CWORD - 1]} == -C ]]; then
      mapfile -t COMPREPLY < <(compgen -d -- "$cur")
      return
    fi
    mapfile -t COMPREPLY < <(compgen -W "$(assay help | sed -n 's/^  \([a-z]*\) .*/\1/p') -C --json --annotator --version" -- "$cur")
    return
  fi
  case $cur in
    -*) mapfile -t COMPREPLY < <(compgen -W "$(assay help "$verb" | grep -o -e '--[a-z][a-z-]*' | sort -u) --json" -- "$cur") ;;
    *) mapfile -t COMPREPLY < <(compgen -f -- "$cur") ;;
  esac
}
complete -o filenames -F _assay assay
complete -o filenames -d assay-desktop

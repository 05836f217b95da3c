# Functions behind the tables that cmd/completion_bash.c writes.

# NAME: what an argument of that name can be; nothing where it is a file or text
__git_hygiene_values()
{
	case $1 in
	'('*) echo "${1//[()|]/ }" ;;
	'<rule>' | '<glob>') git-hygiene rules list 2>/dev/null | cut -d' ' -f1 ;;
	*) __git_hygiene_words "$1" ;;
	esac
}

# CURRENT PREFIX WORD...: offers the words that begin with CURRENT
__git_hygiene_offer()
{
	local current=$1 prefix=$2 word
	shift 2
	for word; do
		case $word in
		"$current"*=) COMPREPLY+=("$prefix$word") ;;
		"$current"*) COMPREPLY+=("$prefix$word ") ;;
		esac
	done
}

# ARGUMENT CURRENT PREFIX: an empty answer makes bash offer files
__git_hygiene_offer_value()
{
	local offered suffix= list
	case $1,$2 in
	'<format>=<file>',*=*) return ;;
	'<format>=<file>',*) suffix== ;;
	esac
	read -rd '' -a offered < <(__git_hygiene_values "$1")
	list=("${offered[@]/%/$suffix}")
	__git_hygiene_offer "$2" "$3" "${list[@]}"
}

# COMMAND CURRENT: options, --no- forms only once they are asked for
__git_hygiene_offer_options()
{
	local table entry names=()
	read -ra table <<<"$(__git_hygiene_options "$1")"
	for entry in "${table[@]}"; do
		case $entry,$2 in
		--'[no-]'*,--no-*) names+=("--no-${entry#--\[no-]}") ;;
		--'[no-]'*) names+=("--${entry#--\[no-]}") ;;
		--*='['*) names+=("${entry%%=*}" "${entry%%=*}=") ;;
		--*=*) names+=("${entry%%=*}=") ;;
		*) names+=("${entry%%=*}") ;;
		esac
	done
	__git_hygiene_offer "$2" '' "${names[@]}"
}

# COMMAND OPTION: sets `argument` to the name of what it takes
__git_hygiene_find_argument()
{
	local table entry
	read -ra table <<<"$(__git_hygiene_options "$1")"
	argument=
	for entry in "${table[@]}"; do
		[[ $entry == "$2="* ]] && argument=${entry#*=}
	done
	[[ $argument ]]
}

# COMMAND FIRST CURRENT: the words that a command takes
__git_hygiene_offer_word()
{
	local line verb argument list=()
	if [[ -z $1 ]]; then
		__git_hygiene_offer_value '<command>' "$3" ''
		return
	fi
	while read -r verb argument; do
		case $verb in
		"$2") [[ -z $2 ]] ||
			__git_hygiene_offer_value "$argument" "$3" '' ;;
		'<'*) [[ $2 ]] ||
			__git_hygiene_offer_value "$verb" "$3" '' ;;
		*) list+=("$verb") ;;
		esac
	done < <(__git_hygiene_verbs "$1")
	[[ $2 ]] || __git_hygiene_offer "$3" '' "${list[@]}"
}

# INDEX: the place of the program's own name among the words
__git_hygiene_complete()
{
	local command= first= argument= prefix= i
	for ((i = $1 + 1; i < cword; i++)); do
		case ${words[i]} in
		--) return ;;
		-*) __git_hygiene_find_argument "$command" "${words[i]}" &&
			[[ $argument != '['* ]] && ((i++)) ;;
		*) if [[ -z $command ]]; then command=${words[i]}
			else first=${first:-${words[i]}}; fi ;;
		esac
	done
	COMPREPLY=()
	if ((i > cword)); then
		__git_hygiene_offer_value "$argument" "$cur" ''
	elif [[ $cur == --*=* ]]; then
		[[ $COMP_WORDBREAKS == *=* ]] || prefix=${cur%%=*}=
		__git_hygiene_find_argument "$command" "${cur%%=*}" &&
			__git_hygiene_offer_value "$argument" "${cur#*=}" "$prefix"
	elif [[ $cur == -* ]]; then
		__git_hygiene_offer_options "$command" "$cur"
	else
		__git_hygiene_offer_word "$command" "$first" "$cur"
	fi
}

_git_hygiene()
{
	__git_hygiene_complete "${__git_cmd_idx:-1}"
}

__git_hygiene_alone()
{
	local cur prev words cword
	_get_comp_words_by_ref -n =: cur prev words cword
	__git_hygiene_complete 0
}

complete -o bashdefault -o default -o nospace -F __git_hygiene_alone git-hygiene

# Helpers for cases, read before their cmd.

# Makes an empty repository `repo` whose branch is main, and enters it.
init_repo() {
	git init -q -b main repo && cd repo || exit 99
}

# Commits everything in the worktree, ignored or not, with the message given.
commit_all() {
	git add -A -f && git commit -q --allow-empty -m "$1" || exit 99
}

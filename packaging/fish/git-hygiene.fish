# `git hygiene <TAB>` in fish: what git-hygiene's own completion offers.
complete -c git -n '__fish_git_using_command hygiene' -f -a '(__fish_git_complete_custom_command hygiene)'

# Has PROGRAM print its man pages and completions into OUTPUT, for `cmake -P`.
function(print file)
	execute_process(COMMAND ${PROGRAM} help ${ARGN}
		OUTPUT_FILE ${OUTPUT}/${file} COMMAND_ERROR_IS_FATAL ANY)
endfunction()

file(REMOVE_RECURSE ${OUTPUT})
file(MAKE_DIRECTORY ${OUTPUT}/man1)
execute_process(COMMAND ${PROGRAM} help --list
	OUTPUT_VARIABLE names COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "[^\n]+" names "${names}")
print(man1/git-hygiene.1 --man)
foreach(name IN LISTS names)
	print(man1/git-hygiene-${name}.1 --man ${name})
endforeach()
print(git-hygiene --completion=bash)
print(_git-hygiene --completion=zsh)
print(git-hygiene.fish --completion=fish)
file(TOUCH ${OUTPUT}/written)

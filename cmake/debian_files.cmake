# Run by cpack before it packs: what Debian wants otherwise than we install it
# (Debian Policy §12.1, §12.5, §12.7; the fpath of its zsh).
set(root ${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX})
set(doc ${root}/share/doc/git-hygiene)
file(RENAME ${doc}/LICENSE ${doc}/copyright)
file(RENAME ${doc}/CHANGELOG.md ${doc}/changelog)
file(RENAME ${root}/share/zsh/site-functions ${root}/share/zsh/vendor-completions)
file(GLOB pages ${root}/share/man/man1/*.1)
execute_process(COMMAND gzip -9n ${pages} ${doc}/changelog
	COMMAND_ERROR_IS_FATAL ANY)

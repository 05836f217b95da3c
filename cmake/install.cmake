# What `cmake --install` puts where. Man pages and completions are printed by
# the program itself, from its option tables.
set(manual_dir ${PROJECT_BINARY_DIR}/manual)
add_custom_command(
	OUTPUT ${manual_dir}/written
	COMMAND ${CMAKE_COMMAND} -DPROGRAM=$<TARGET_FILE:git-hygiene>
		-DOUTPUT=${manual_dir} -P ${PROJECT_SOURCE_DIR}/cmake/write_manual.cmake
	DEPENDS git-hygiene cmake/write_manual.cmake
	COMMENT "Writing man pages and completions"
	VERBATIM)
add_custom_target(manual ALL DEPENDS ${manual_dir}/written)

set(doc_dir ${CMAKE_INSTALL_DATAROOTDIR}/doc/git-hygiene)
install(TARGETS git-hygiene RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(PROGRAMS scripts/git-hygiene-import-gitleaks
	DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${manual_dir}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES docs/git-hygiene-import-gitleaks.1
	DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES ${manual_dir}/git-hygiene
	DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/bash-completion/completions)
install(FILES ${manual_dir}/_git-hygiene
	DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/zsh/site-functions)
install(FILES ${manual_dir}/git-hygiene.fish
	DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/fish/vendor_completions.d)
install(FILES packaging/fish/git-hygiene.fish
	DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/fish/vendor_conf.d)
# The rules are part of the program; the files are to read and to copy from.
install(DIRECTORY rules.d/
	DESTINATION ${CMAKE_INSTALL_DATAROOTDIR}/git-hygiene/rules.d
	FILES_MATCHING PATTERN *.yml)
install(FILES README.md CHANGELOG.md SECURITY.md LICENSE
	${PROJECT_BINARY_DIR}/sbom.spdx.json DESTINATION ${doc_dir})
install(DIRECTORY docs/ DESTINATION ${doc_dir}/docs
	FILES_MATCHING PATTERN *.md)

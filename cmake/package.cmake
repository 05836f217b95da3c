# `cpack` makes a Debian package, the same bytes wherever it is built: times are
# those of the release, paths of the build are in no file.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME git-hygiene)
set(CPACK_PACKAGE_VENDOR git-hygiene)
set(CPACK_PACKAGE_CONTACT "git-hygiene <git-hygiene@example.org>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "find session data and secrets in Git repositories")
set(CPACK_PACKAGE_DESCRIPTION
	"Finds session files, signed cookies, keys and tokens that were committed,
in the index and in all of history, proves offline what they are, and helps
to get rid of them: .gitignore entries, untracking, a plan for rewriting
history with proof, hooks, reports for code hosts. It is called as
'git hygiene'.")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE
	OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PROJECT_CONFIG_FILE ${PROJECT_BINARY_DIR}/package_time.cmake)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/cmake/debian_files.cmake)
file(WRITE ${CPACK_PROJECT_CONFIG_FILE}
	"if(NOT DEFINED ENV{SOURCE_DATE_EPOCH})\n"
	"	set(ENV{SOURCE_DATE_EPOCH} ${HYGIENE_TIME})\n"
	"endif()\n")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION vcs)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# is loaded, not linked: dpkg-shlibdeps does not see it
set(CPACK_DEBIAN_PACKAGE_DEPENDS "libarchive13 | libarchive13t64")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS git)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "git-filter-repo, python3 (>= 3.11)")
include(CPack)

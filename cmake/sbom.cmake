# sbom.spdx.json: what the program is linked with or loads while it runs, in the
# versions that were found, as SPDX 2.3 (spdx.github.io/spdx-spec/v2.3).

# sbom_package(<prefix of pkg_check_modules> <name> <licence> [LOADED])
function(sbom_package prefix name licence)
	set(id SPDXRef-${name})
	string(APPEND packages ",
    {
      \"SPDXID\": \"${id}\",
      \"name\": \"${name}\",
      \"versionInfo\": \"${${prefix}_VERSION}\",
      \"downloadLocation\": \"NOASSERTION\",
      \"filesAnalyzed\": false,
      \"licenseConcluded\": \"${licence}\",
      \"licenseDeclared\": \"${licence}\",
      \"copyrightText\": \"NOASSERTION\",
      \"externalRefs\": [
        {
          \"referenceCategory\": \"PACKAGE-MANAGER\",
          \"referenceType\": \"purl\",
          \"referenceLocator\": \"pkg:generic/${name}@${${prefix}_VERSION}\"
        }
      ]
    }")
	set(from SPDXRef-git-hygiene)
	set(type DYNAMIC_LINK)
	set(to ${id})
	if(ARGN STREQUAL LOADED)
		set(from ${id})
		set(type RUNTIME_DEPENDENCY_OF)
		set(to SPDXRef-git-hygiene)
	endif()
	string(APPEND relations ",
    {
      \"spdxElementId\": \"${from}\",
      \"relationshipType\": \"${type}\",
      \"relatedSpdxElement\": \"${to}\"
    }")
	set(packages "${packages}" PARENT_SCOPE)
	set(relations "${relations}" PARENT_SCOPE)
endfunction()

sbom_package(LIBGIT2 libgit2 "GPL-2.0-only WITH GCC-exception-2.0")
sbom_package(PCRE2 libpcre2-8 "BSD-3-Clause")
sbom_package(LIBFYAML libfyaml "MIT")
sbom_package(NETTLE libnettle "LGPL-3.0-or-later OR GPL-2.0-or-later")
sbom_package(ZLIB libz "Zlib")
sbom_package(LIBDEFLATE libdeflate "MIT")
sbom_package(LIBARCHIVE libarchive "BSD-2-Clause" LOADED)
sbom_package(JANSSON libjansson "MIT")
sbom_package(SQLITE libsqlite3 "blessing")

string(SHA256 sbom_digest "${PROJECT_VERSION}${packages}${relations}")
configure_file(cmake/sbom.spdx.json.in sbom.spdx.json @ONLY)

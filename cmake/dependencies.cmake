# Libraries from the distribution's packages, each found by pkg-config.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(LIBGIT2 REQUIRED IMPORTED_TARGET libgit2>=1.1)
pkg_check_modules(PCRE2 REQUIRED IMPORTED_TARGET libpcre2-8)
pkg_check_modules(LIBFYAML REQUIRED IMPORTED_TARGET libfyaml)
pkg_check_modules(NETTLE REQUIRED IMPORTED_TARGET nettle)
pkg_check_modules(ZLIB REQUIRED IMPORTED_TARGET zlib)
pkg_check_modules(LIBDEFLATE REQUIRED IMPORTED_TARGET libdeflate)
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(SQLITE REQUIRED IMPORTED_TARGET sqlite3)

# It is loaded when it is needed (scanner/archive.h): by the name that a program
# linked with it would have.
pkg_check_modules(LIBARCHIVE REQUIRED libarchive>=3.4)
find_library(LIBARCHIVE_FILE archive HINTS ${LIBARCHIVE_LIBRARY_DIRS} REQUIRED)
file(REAL_PATH ${LIBARCHIVE_FILE} LIBARCHIVE_SONAME)
get_filename_component(libarchive_name ${LIBARCHIVE_SONAME} NAME)
if(libarchive_name MATCHES "^libarchive\\.so\\.[0-9]+")
	set(LIBARCHIVE_SONAME ${CMAKE_MATCH_0})
endif()

if(HYGIENE_TESTS)
	pkg_check_modules(CMOCKA REQUIRED IMPORTED_TARGET cmocka)
endif()

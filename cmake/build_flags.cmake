# Flags of every target, as one INTERFACE library that each links PRIVATE.
add_library(hygiene_flags INTERFACE)
target_include_directories(hygiene_flags INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_definitions(hygiene_flags INTERFACE _GNU_SOURCE)
target_compile_options(hygiene_flags INTERFACE
	-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
	-Wpointer-arith -Wwrite-strings -Wcast-qual -Wvla -Wundef
	-Wformat=2 -Wswitch-enum -Wimplicit-fallthrough -fno-common
	$<$<C_COMPILER_ID:GNU>:-Wno-format-truncation>
	$<$<BOOL:${HYGIENE_WERROR}>:-Werror>)
# What is built does not depend on where.
target_compile_options(hygiene_flags INTERFACE
	$<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_SOURCE_DIR}=.>
	$<$<NOT:$<CONFIG:Debug>>:-ffile-prefix-map=${PROJECT_BINARY_DIR}=build>)
# By this a program knows what it has stored (base/build_id.h).
target_link_options(hygiene_flags INTERFACE
	$<$<PLATFORM_ID:Linux>:-Wl,--build-id=sha1>)
if(HYGIENE_SANITIZE)
	target_compile_options(hygiene_flags INTERFACE
		-fsanitize=${HYGIENE_SANITIZE} -fno-sanitize-recover=all
		-fno-omit-frame-pointer
		# without it the tests take twice as long
		$<$<CONFIG:Debug>:-O1>)
	target_link_options(hygiene_flags INTERFACE
		-fsanitize=${HYGIENE_SANITIZE})
	# At a fixed address: the tables of the sanitizers are 6 MB, of which
	# nearly all would be written at each start for their addresses to fit.
	if(HYGIENE_SANITIZE MATCHES address AND NOT HYGIENE_FUZZ)
		target_compile_options(hygiene_flags INTERFACE -fno-pie)
		target_link_options(hygiene_flags INTERFACE -no-pie)
	endif()
endif()
if(HYGIENE_FUZZ)
	target_compile_options(hygiene_flags INTERFACE
		-fsanitize=fuzzer-no-link)
endif()
if(HYGIENE_COVERAGE)
	# threads and processes count together
	target_compile_options(hygiene_flags INTERFACE
		--coverage -fprofile-update=atomic)
	target_link_options(hygiene_flags INTERFACE --coverage)
endif()
if(HYGIENE_TIDY)
	find_program(HYGIENE_CLANG_TIDY NAMES clang-tidy-14 clang-tidy REQUIRED)
	set(CMAKE_C_CLANG_TIDY ${HYGIENE_CLANG_TIDY} --quiet
		--warnings-as-errors=*)
endif()

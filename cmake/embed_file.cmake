# Makes C of a file, for `cmake -P`: INPUT, OUTPUT, NAME of the array, which
# has a NUL behind it that its size counts.
file(READ "${INPUT}" hex HEX)
string(REGEX REPLACE "(................................)" "\\1\n" hex "${hex}")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
file(WRITE "${OUTPUT}" "#include \"report/html_assets.h\"\n\n"
	"const unsigned char ${NAME}[] = {\n${bytes}0 };\n"
	"const size_t ${NAME}_size = sizeof(${NAME});\n")

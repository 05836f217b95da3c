"""Where secrets stand: the syntax of languages and settings, and encodings."""
import base64
import urllib.parse


def snake(words):
    return "_".join(words)


def upper(words):
    return "_".join(words).upper()


def camel(words):
    return words[0] + "".join(word.capitalize() for word in words[1:])


def kebab(words):
    return "-".join(words)


def escaped(value):
    return value.replace("\\", "\\\\").replace("\n", "\\n")


def for_xml(value):
    return value.replace("&", "&amp;").replace("<", "&lt;")


# suffix: (how names are written, how values are, text with both)
SYNTAXES = {
    "py": (upper, escaped, 'import os\n\n{name} = "{value}"\n'),
    "js": (camel, escaped, "const {name} = '{value}';\n"),
    "ts": (camel, escaped, "export const config = {{\n"
           "  {name}: '{value}',\n}};\n"),
    "go": (camel, escaped, "package main\n\nconst {name} = \"{value}\"\n"),
    "java": (upper, escaped, "class Config {{\n    private static final "
             "String {name} = \"{value}\";\n}}\n"),
    "rb": (snake, escaped, "Acme.configure do |config|\n"
           "  config.{name} = \"{value}\"\nend\n"),
    "php": (snake, escaped, "<?php\nreturn [\n    '{name}' => '{value}',\n"
            "];\n"),
    "c": (upper, escaped, "#include <acme.h>\n\n"
          "#define {name} \"{value}\"\n"),
    "cs": (camel, escaped, "public class Config\n{{\n"
           "    public const string {name} = \"{value}\";\n}}\n"),
    "rs": (upper, escaped, "const {name}: &str = \"{value}\";\n"),
    "yml": (snake, escaped, "server:\n  port: 80\n  {name}: \"{value}\"\n"),
    "json": (camel, escaped, '{{\n  "port": 80,\n  "{name}": "{value}"\n}}\n'),
    "toml": (snake, escaped, "[server]\nport = 80\n{name} = \"{value}\"\n"),
    "ini": (snake, escaped, "[server]\nport = 80\n{name} = {value}\n"),
    "env": (upper, escaped, "PORT=80\n{name}={value}\n"),
    "sh": (upper, escaped, "#!/bin/sh\nexport {name}='{value}'\nexec run\n"),
    "tf": (snake, escaped, 'locals {{\n  {name} = "{value}"\n}}\n'),
    "xml": (camel, for_xml, "<settings>\n  <port>80</port>\n"
            "  <{name}>{value}</{name}>\n</settings>\n"),
    "md": (upper, str, "# Acme\n\nTo try it:\n\n"
           "    {name}={value}\n    acme run\n"),
}


def plain(suffix, words, value):
    write_name, write_value, text = SYNTAXES[suffix]
    return text.format(name=write_name(words),
                       value=write_value(value)).encode()


def utf16(suffix, words, value):
    return b"\xff\xfe" + plain(suffix, words, value).decode().encode(
        "utf-16-le")


def utf16_swapped(suffix, words, value):
    return b"\xfe\xff" + plain(suffix, words, value).decode().encode(
        "utf-16-be")


def in_base64(suffix, words, value):
    """The settings file that holds it, encoded as a whole."""
    inner = plain("env", words, value)
    return plain(suffix, ["settings", "file"],
                 base64.b64encode(inner).decode())


def in_url(suffix, words, value):
    """A value of a form, escaped as by a browser."""
    query = urllib.parse.urlencode({snake(words): value, "page": "2"})
    return plain(suffix, ["start", "page"],
                 "https://www.acme-prod.net/start?" + query)


FORMS = {"plain": plain, "utf-16le": utf16, "utf-16be": utf16_swapped,
         "base64": in_base64, "url": in_url}

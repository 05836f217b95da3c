#!/usr/bin/env python3
"""Pathspecs are read as git reads them: what `untrack -n -- <words>` names is
what `git ls-files -- <words>` names, and what git refuses is refused.

usage: pathspec.py <git-hygiene>
"""
import os
import random
import sys

from scratch import expect, expect_in, run_all

FILES = ["README", "Readme.md", "a/b", "a/store/x", "a/store/y.c", "A/Store/z",
         "backend/app.py", "backend/sub/app.py", "backend/sub/deep/x.c",
         "[a]/b", "[a]/*", "star*", "starry", ":colon", "!bang", "^caret",
         "(icase)x", "a b/c d", "foo/x/bar", "foobar/bar", "x.c", "-dash"]

WORDS = """
. ./ README readme a a/ A a/. a/.. a/./b a//b a/../backend ../a .. ./README/
README/ * *.c **/x **/*.c a/* a/** */store */*.c [a] [a]/b [aA] \\[a\\]/b star*
star? star\\* \\star* foo**/bar foo**bar ?/b a/[b :colon ./:colon !bang ^caret
: :/ :/a :/* :/./a :/a/../a :!a :^a :!a/ :!*.c :! :^ :/!a :!/a :!:a :/: ::a ::
:!^caret :!!bang :(icase)README :(icase)A :(icase)*.C :(icase)A/STORE/Y*
:(glob)* :(glob)*.c :(glob)**/*.c :(glob)a/*/x :(glob)a/** :(glob)foo**/bar
:(glob,icase)**/*.C :(literal)star* :(literal)[a]/b :(literal)* :(literal)a
:(literal,icase)STAR* :(top)a :(top)*.c :(exclude)a :(exclude,icase)A
:(exclude,glob)*/*.c :(top,exclude)x.c :()a :(,)a :(top,,icase)A :(top,icase):
:(icase)sub :(icase)SUB :(icase)../A :(icase)DEEP/*.C :(glob)sub/*.py
:(literal)sub/../app.py :(exclude)sub sub ../sub app.py ../backend/app.py
:(icase :( :(nonsense)a :(topp)a :(glob,literal)a
:(literal,glob)* :(TOP)a :"a :#a :%a :&a :'a :,a :-a :;a :<a :=a :>a :@a :_a
:`a :~a :$a :+a :.a :?a :*a :[a :]a :{a :|a :}a :\\a :)a :1a :/"a :!-a
../../x ../../../a a/../../a
""".split() + ["a b", ":(icase)A B/C*", ""]


# A word that takes all paths is none to untrack, so one is taken out. Its name
# is long: git 2.39 reads past the end of one that is shorter than the folder
# which the other words have in common.
OUT = "left-out-" * 4
REST = f":(top,exclude){OUT}"


def made(in_place):
    repo = in_place.repo("repo")
    repo.commit_files({name: "x\n" for name in FILES + [OUT]})
    return repo


def theirs(place, cwd, words, **env):
    done = place.run(cwd, "git", "ls-files", "--full-name", "--", *words,
                     ok=False, **env)
    return None if done.returncode else sorted(done.stdout.splitlines())


def ours(place, cwd, words, **env):
    done = place.run(cwd, place.program, "untrack", "-n", "--", *words,
                     ok=False, **env)
    if done.returncode == 129:
        return None
    if "no tracked path fits" in done.stderr:
        return []
    return sorted(done.stdout.splitlines())


def compare(place, cwd, words, **env):
    expect(f"{words} in {os.path.basename(cwd)} {env}",
           ours(place, cwd, words, **env), theirs(place, cwd, words, **env))


def is_exclude_only(words):
    return all(word.startswith((":!", ":^", ":/!", ":(ex", ":(top,ex"))
               for word in words)


def every_word_is_as_git_has_it(place):
    repo = made(place)
    for folder in ("", "backend", "a/store"):
        cwd = os.path.join(repo.path, folder)
        for word in WORDS:
            if folder and is_exclude_only([word]):
                continue
            compare(place, cwd, [word, REST])


def words_join_as_git_has_it(place):
    repo = made(place)
    rng = random.Random(1)
    for _ in range(60):
        cwd = os.path.join(repo.path, rng.choice(["", "backend", "a"]))
        words = [rng.choice(WORDS) for _ in range(rng.randint(1, 3))] + [REST]
        if not is_exclude_only(words):
            compare(place, cwd, words)


def absolute_words_begin_at_the_top(place):
    repo = made(place)
    link = os.path.join(place.path, "link")
    os.symlink(repo.path, link)
    for top in (repo.path, link, repo.path + "/../repo"):
        for rest in ("", "/", "/a", "/backend/", "//a/./b", "/a/../*.c"):
            compare(place, repo.path + "/backend", [top + rest, REST])
    for word in ("/", "/etc", "/..", repo.path + "x", repo.path + "/../x"):
        compare(place, repo.path, [word, REST])


def variables_count(place):
    repo = made(place)
    for name in ("LITERAL", "GLOB", "NOGLOB", "ICASE"):
        for word in ("star*", "*.c", ":(icase)README", "A/*", ":(glob)*.c"):
            for value in ("1", "0"):
                compare(place, repo.path, [word, "x"],
                        **{f"GIT_{name}_PATHSPECS": value})


def excludes_alone_leave_the_rest(place):
    repo = made(place)
    for words in ([":!a"], [":^*.c", ":!backend"], [":(exclude,icase)A"]):
        compare(place, repo.path, words)
    # also from a folder: gitglossary(7), "as if invoked without any pathspec"
    expect("in a folder",
           ours(place, os.path.join(repo.path, "backend"), [":!sub"]),
           theirs(place, repo.path, [":!backend/sub"]))


def submodules_fit_with_a_slash(place):
    repo = made(place)
    head = repo.out("rev-parse", "HEAD")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},lib")
    for word in ("lib", "lib/", "l*", "LIB/", ":(icase)LIB/", "lib/x"):
        compare(place, repo.path, [word, "x.c"])


def refusals_name_the_word(place):
    repo = made(place)
    for word, why in ((":(attr:x)a", "'attr:x' is not supported"),
                      (":(nonsense)a", "'nonsense' is not supported"),
                      (":#a", "'#' is not supported"),
                      (":(icase", "no ')'"), ("../x", "outside"),
                      (":(glob,literal)a", "contradict")):
        for command in ("scan", "untrack", "purge", "audit", "ignore", "fix",
                        "baseline"):
            done = repo.hygiene(command, "--", word)
            expect(f"{command} {word}", done.returncode, 129)
            expect_in(command, why, done.stderr)
            expect_in(command, f"'{word}'", done.stderr)
            expect("stdout", done.stdout, "")


def every_source_is_narrowed(place):
    repo = place.repo("repo")
    repo.commit_files({"backend/a": "MARK-abcdef\n", "other/a": "MARK-bcdefg\n"})

    def found(*args):
        return {path for path, _ in repo.counting(*args)}
    for source in ("--index", "--history", "--worktree"):
        expect("icase", found(source, "--", "x", ":(icase)BACKEND"),
               {"backend/a"})
        expect("exclude", found(source, "--", ".", ":!backend"), {"other/a"})
        expect("dots", found(source, "--", "other/../backend"), {"backend/a"})


if __name__ == "__main__":
    sys.exit(run_all([case for case in list(globals().values())
                      if getattr(case, "__code__", None) and
                      case.__code__.co_varnames[:1] == ("place",) and
                      case.__code__.co_argcount == 1], sys.argv[1]))

#!/usr/bin/env python3
"""Pathspecs are read as git reads them: what `untrack -n -- <words>` names is
what `git ls-files -- <words>` names, and what git refuses is refused.

usage: pathspec.py <git-hygiene> <fit_pathspecs> [<one of so many words is also
           asked of the program>]
"""
import os
import random
import sys

from scratch import expect, expect_in, run_all

FIT = os.path.abspath(sys.argv[2])
EVERY = int(sys.argv[3]) if len(sys.argv) > 3 else 12

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


def fitting(place, repo, questions, **env):
    """What the module says of (folder, words), for all of them in one go."""
    paths = repo.out("ls-files").splitlines()
    lines = ["\t".join([folder + "/" if folder else "", *words])
             for folder, words in questions]
    done = place.run(repo.path, FIT, repo.path, *paths,
                     data="".join(line + "\n" for line in lines), **env)
    return [None if line == "refused" else sorted(line.split("\t")[:-1])
            for line in done.stdout.splitlines()]


def compare(place, repo, questions, **env):
    """Each question is asked of the module, and one of EVERY of the program,
    which has to be started for it."""
    answers = fitting(place, repo, questions, **env)
    expect("answers", len(answers), len(questions))
    for number, (folder, words) in enumerate(questions):
        cwd = os.path.join(repo.path, folder)
        what = f"{words} in '{folder}' {env}"
        wanted = theirs(place, cwd, words, **env)
        expect(what, answers[number], wanted)
        if number % EVERY == 0:
            expect(f"{what}, untrack", ours(place, cwd, words, **env), wanted)


def is_exclude_only(words):
    return all(word.startswith((":!", ":^", ":/!", ":(ex", ":(top,ex"))
               for word in words)


def every_word_is_as_git_has_it(place):
    compare(place, made(place), [
        (folder, [word, REST]) for folder in ("", "backend", "a/store")
        for word in WORDS if not folder or not is_exclude_only([word])])


def words_join_as_git_has_it(place):
    rng = random.Random(1)
    questions = [(rng.choice(["", "backend", "a"]),
                  [rng.choice(WORDS) for _ in range(rng.randint(1, 3))] +
                  [REST]) for _ in range(60)]
    compare(place, made(place), [(folder, words) for folder, words in questions
                                 if not is_exclude_only(words)])


def absolute_words_begin_at_the_top(place):
    repo = made(place)
    link = os.path.join(place.path, "link")
    os.symlink(repo.path, link)
    compare(place, repo, [
        ("backend", [top + rest, REST])
        for top in (repo.path, link, repo.path + "/../repo")
        for rest in ("", "/", "/a", "/backend/", "//a/./b", "/a/../*.c")])
    compare(place, repo, [
        ("", [word, REST])
        for word in ("/", "/etc", "/..", repo.path + "x", repo.path + "/../x")])


def variables_count(place):
    repo = made(place)
    questions = [("", [word, "x"]) for word in (
        "star*", "*.c", ":(icase)README", "A/*", ":(glob)*.c")]
    for name in ("LITERAL", "GLOB", "NOGLOB", "ICASE"):
        for value in ("1", "0"):
            compare(place, repo, questions,
                    **{f"GIT_{name}_PATHSPECS": value})


def excludes_alone_leave_the_rest(place):
    repo = made(place)
    compare(place, repo, [("", words) for words in (
        [":!a"], [":^*.c", ":!backend"], [":(exclude,icase)A"])])
    # also from a folder: gitglossary(7), "as if invoked without any pathspec"
    expect("in a folder",
           ours(place, os.path.join(repo.path, "backend"), [":!sub"]),
           theirs(place, repo.path, [":!backend/sub"]))


def submodules_fit_with_a_slash(place):
    repo = made(place)
    head = repo.out("rev-parse", "HEAD")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{head},lib")
    for word in ("lib", "lib/", "l*", "LIB/", ":(icase)LIB/", "lib/x"):
        words = [word, "x.c"]
        expect(word, ours(place, repo.path, words),
               theirs(place, repo.path, words))


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

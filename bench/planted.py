#!/usr/bin/env python3
"""What do findings cost, and is each told by the right commits?

usage: planted.py [--jobs N] [--commits N] [--files N] <git-hygiene> <repo>...

Borrows the objects of a repository, adds commits that put session files into
`flask_session/` and take them out again ten commits later, and scans all of
history. Prints the seconds of a scan with and without these commits as ratios
to `git cat-file` of the same run, which prints every object, and whether every
file was found with the commits that added and removed it. Exit code 1: not.

Runs git, so it is for repositories that one trusts; they are only read.
"""
import argparse
import hashlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
import time

STAYS = 10  # commits, until a file is removed


def git(folder, *words, **options):
    return subprocess.run(('git', '-C', folder) + words, check=True,
                          stdout=subprocess.PIPE, **options).stdout


def session(number):
    """A file of Flask-Session: cachelib's four bytes of expiry, and a pickle."""
    token = hashlib.sha1(b'token %d' % number).hexdigest()
    return bytes(4) + pickle.dumps(
        {'_permanent': True, 'user_id': str(number + 1), 'csrf_token': token})


def name(number):
    digest = hashlib.md5(b'session:%d' % number, usedforsecurity=False)
    return 'flask_session/' + digest.hexdigest()


def stream(tip, commits, files):
    """The commits, for git fast-import: the n-th has the mark n + 1."""
    for commit in range(commits):
        yield b'commit refs/heads/planted\nmark :%d\n' % (commit + 1)
        yield b'committer A U Thor <a@example.test> %d +0000\n' % (
            1700000000 + commit)
        yield b'data 4\nMore\n'
        if commit == 0:
            yield b'from %s\n' % tip
        first = (commit - STAYS) * files
        for number in range(max(first, 0), max(first + files, 0)):
            yield b'D %s\n' % name(number).encode()
        for number in range(commit * files, (commit + 1) * files):
            content = session(number)
            yield b'M 100644 inline %s\ndata %d\n%s\n' % (
                name(number).encode(), len(content), content)


def plant(source, folder, commits, files):
    """Ids of the commits, the first one first."""
    tip = git(source, 'rev-parse', 'HEAD').strip()
    objects = git(source, 'rev-parse', '--path-format=absolute', '--git-path',
                  'objects').decode().strip()
    subprocess.run(['git', 'init', '-q', '--bare', folder], check=True)
    with open(folder + '/objects/info/alternates', 'w') as alternates:
        print(objects, file=alternates)
    refs = git(source, 'for-each-ref', '--format=create %(refname) %(objectname)')
    subprocess.run(['git', '-C', folder, 'update-ref', '--stdin'], input=refs,
                   check=True)
    git(folder, 'update-ref', 'HEAD', tip.decode())
    marks = folder + '/marks'
    git(folder, 'fast-import', '--quiet', '--export-marks=' + marks,
        input=b''.join(stream(tip, commits, files)))
    with open(marks) as lines:
        ids = dict(line[1:].split() for line in lines)
    return [ids[str(commit + 1)] for commit in range(commits)]


def seconds(words, out=subprocess.DEVNULL, codes=(0,)):
    start = time.monotonic()
    code = subprocess.run(words, stdout=out, check=False).returncode
    if code not in codes:
        sys.exit(f'{words[0]} ended with {code}')
    return time.monotonic() - start


def scan(program, folder, jobs, out=subprocess.DEVNULL):
    return seconds([program, '-C', folder, 'scan', '--history', '--no-cache',
                    '--no-progress', '--no-repo-config', '--fail-on=never',
                    '--format=jsonl', '--jobs=%d' % jobs],
                   out, (0, 3))  # 3: objects are missing, as they may


def count_right(report, ids, files):
    """How many files were found with the right commits."""
    found = {}
    for line in report:
        finding = json.loads(line)
        if finding.get('rule') == 'flask-session-file':
            found[finding['path']] = finding['exposure']
    right = 0
    for number in range(len(ids) * files):
        commit = number // files
        removed = ids[commit + STAYS] if commit + STAYS < len(ids) else None
        exposure = found.get(name(number))
        right += bool(exposure) and (
            exposure['first_commit'] == ids[commit] and
            exposure['removed_commit'] == removed)
    return right


def measure(source, args):
    """Whether all was found and told rightly."""
    with tempfile.TemporaryDirectory() as top:
        folder = top + '/repository'
        ids = plant(source, folder, args.commits, args.files)
        cat_file = ['git', '-C', folder, 'cat-file', '--batch-all-objects',
                    '--batch', '--unordered', '--buffer']
        seconds(cat_file)  # from the disk into memory
        base = seconds(cat_file)
        without = scan(args.program, source, args.jobs)
        with open(top + '/report', 'w+') as report:
            planted = scan(args.program, folder, args.jobs, report)
            report.seek(0)
            right = count_right(report, ids, args.files)
    total = args.commits * args.files
    print(f'{source}: git cat-file {base:.2f} s, scan {without:.2f} s '
          f'({without / base:.3f}), with {total} session files in '
          f'{args.commits} commits {planted:.2f} s ({planted / base:.3f}); '
          f'{right} of {total} found with the right commits', flush=True)
    return right == total


def main():
    parser = argparse.ArgumentParser(usage=__doc__.split('usage: ')[1]
                                     .split('\n')[0])
    parser.add_argument('--jobs', type=int, default=2)
    parser.add_argument('--commits', type=int, default=300)
    parser.add_argument('--files', type=int, default=5)
    parser.add_argument('program', type=os.path.abspath)
    parser.add_argument('repositories', nargs='+')
    args = parser.parse_args()
    return not all([measure(source, args) for source in args.repositories])


if __name__ == '__main__':
    sys.exit(main())

"""What requirements admit, by trying versions one by one: always, newest, some or none.

    ranges.py ORACLE ADVISORY_DIR < [[name, specifier], ...]

Prints a JSON list: [degree, an affected version, an unaffected one] for each pair, or null when `packaging` cannot
read the specifier. The versions tried are those that advisories and specifier name and their neighbours. Which are
admitted decides `packaging`, with its own rule for pre-releases; which are affected, ../shared/oracle/advisories.py.
"""

import functools
import importlib.util
import json
import sys

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version


def neighbours(text):
    """A version, and what lies just below and above it."""
    try:
        version = Version(text)
    except InvalidVersion:
        return
    public = version.public
    base = version.base_version
    epoch = f"{version.epoch}!" if version.epoch else ""
    yield from (text, public, base)
    yield from (base + suffix for suffix in (".dev0", "a0", "a1", "b1", "rc1", "rc99", ".post0", ".post1", ".post99"))
    yield from (base + suffix for suffix in ("+local", ".0.0.0.1", ".0.0.1.dev0", ".99999"))
    if not version.is_devrelease:
        yield from (public + suffix for suffix in (".dev0", ".dev99"))
        if not version.is_postrelease:
            yield from (public + suffix for suffix in (".post0.dev0", ".post1", ".post1+x"))
    if version.pre:
        kind, number = version.pre
        yield f"{base}{kind}{number + 1}"
    if version.is_postrelease and not version.is_devrelease:
        yield public.rpartition(".post")[0] + f".post{version.post + 1}"
    if version.is_devrelease:
        yield public.rpartition(".dev")[0] + f".dev{version.dev + 1}"
    release = version.release
    for place, number in enumerate(release):
        yield epoch + ".".join(map(str, (*release[:place], number + 1)))
        if number:
            yield epoch + ".".join(map(str, (*release[:place], number - 1, 99999)))


def named(records, name):
    """The versions that advisories name for a package."""
    for record in records:
        for entry in record["affected"]:
            if canonicalize_name(entry.get("package", {}).get("name", "")) == name:
                yield from map(str, entry.get("versions") or [])
                for stretch in entry.get("ranges") or []:
                    if stretch["type"] == "ECOSYSTEM":
                        yield from (str(version) for event in stretch["events"] for version in event.values())


def main():
    spec = importlib.util.spec_from_file_location("oracle", sys.argv[1])
    oracle = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(oracle)
    oracle.read_version = functools.lru_cache(maxsize=None)(oracle.read_version)
    asked = json.load(sys.stdin)
    names = {name for name, _ in asked}
    by_name = {name: {} for name in names}
    for record in oracle.read_advisories(sys.argv[2]):
        for entry in record["affected"]:
            name = canonicalize_name(entry.get("package", {}).get("name", ""))
            if name in names:
                by_name[name][record["id"]] = record

    @functools.lru_cache(maxsize=None)
    def candidates(name):
        texts = {near for text in {"0", *named(by_name[name].values(), name)} for near in neighbours(text)}
        return {Version(text) for text in texts} | {Version("9999999"), Version("99!0")}

    @functools.lru_cache(maxsize=None)
    def affected(name, version):
        # A pin `0` is no event `0`: see oracle.rs.
        text = "0.0" if version.public == "0" else str(version)
        return any(oracle.affects(record, name, text) for record in by_name[name].values())

    answers = []
    for name, text in asked:
        try:
            specifiers = SpecifierSet(text)
        except InvalidSpecifier:
            answers.append(None)
            continue
        own = {near for one in specifiers for near in neighbours(one.version.removesuffix(".*"))}
        # `===` compares text: the spelling of the specifier goes before that of the advisories.
        admitted = sorted(specifiers.filter({Version(text) for text in own} | candidates(name)))
        hit = [version for version in admitted if affected(name, version)]
        free = [version for version in admitted if not affected(name, version)]
        if not hit:
            degree = "none"
        elif not free:
            degree = "always"
        else:
            degree = "newest" if hit[-1] > free[-1] else "some"
        answers.append([degree, *(str(versions[-1]) if versions else "" for versions in (hit, free))])
    json.dump(answers, sys.stdout)


if __name__ == "__main__":
    main()

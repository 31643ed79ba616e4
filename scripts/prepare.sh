#!/usr/bin/env bash
# Makes sure that the build has its tools and DuckDB's library: the folder for the library is the argument.
set -euo pipefail
umask 022

duckdb=$1
package=@duckdb/node-bindings-linux-x64@1.5.6-r.1
package_sha=1b9f82478539bb9a1d1df44bd103121a12ae52142c07158dc52b97d2ec1d69ff
library_sha=3f4962cdd266eab2b479a5b5a4a6d063d279b2954ae814ed00385d553b747633

say() { printf '%s\n' "$*" >&2; }
has() { command -v "$1" >/dev/null 2>&1; }
any() {
    local pattern
    for pattern in "$@"; do if compgen -G "$pattern" >/dev/null; then return 0; fi; done
    return 1
}

has cargo || { say "Rust is missing: install it with rustup (rustup.rs), then run this again."; exit 1; }

# True where the quick way's library exists for this machine. No pipe into `grep -q`: it may end before `ldd` has written
# all, which then fails, and with it the pipe.
prebuilt() {
    local libc
    libc=$(ldd --version 2>&1 || true)
    [ "$(uname -sm)" = "Linux x86_64" ] && grep -qiE 'glibc|gnu libc' <<<"$libc"
}

# bindgen needs the library and the compiler's own headers, which Debian's libclang-dev brings both.
libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] || { any '/usr/lib*/llvm-*/lib/libclang*.so*' '/usr/lib*/*/libclang*.so*' \
        '/usr/lib*/libclang*.so*' && any '/usr/lib*/llvm-*/lib/clang/*/include/stddef.h' \
        '/usr/lib*/clang/*/include/stddef.h'; }
}

# What the build lacks, as Debian's packages.
lacking() {
    { has c++ && has cc; } || echo g++
    has make || echo make
    has cmake || echo cmake
    libclang || echo libclang-dev
    if prebuilt && [ ! -e "$duckdb/libduckdb.so" ] && ! has npm; then echo npm; fi
}

install() {
    local -a packages=("$@") root=()
    if [ "$(id -u)" != 0 ]; then
        root=(sudo -n)
        if ! has sudo || ! sudo -n true 2>/dev/null; then root=(); fi
    fi
    if ! has apt-get || { [ "$(id -u)" != 0 ] && [ ${#root[@]} = 0 ]; }; then
        say "The build lacks: ${packages[*]}. Install them and run this again; on Debian:"
        say "    sudo apt-get install --yes --no-install-recommends ${packages[*]}"
        exit 1
    fi
    say "Installing what the build lacks: ${packages[*]} (about a minute)."
    export DEBIAN_FRONTEND=noninteractive
    local -a apt=(${root[@]+"${root[@]}"} apt-get -q -o Dpkg::Use-Pty=0)
    { "${apt[@]}" update && "${apt[@]}" install --yes --no-install-recommends "${packages[@]}"; } >&2 </dev/null || {
        say "apt-get failed. Install these and run this again: ${packages[*]}"
        exit 1
    }
}

checked() { echo "$1  $2" | sha256sum --check --status 2>/dev/null; }

fetch() {
    local work
    mkdir -p "$duckdb"
    work=$(mktemp -d "$duckdb/fetch.XXXXXX")
    # shellcheck disable=SC2064 # the folder of now
    trap "rm -rf '$work'" EXIT
    say "Fetching DuckDB's library, $package (27 MB, checked by SHA-256)."
    (cd "$work" && npm pack --silent --ignore-scripts "$package" >/dev/null </dev/null) || return 1
    local -a archives=("$work"/*.tgz)
    checked "$package_sha" "${archives[0]}" || { say "The package is not the one that was pinned."; return 1; }
    tar -xmzf "${archives[0]}" -C "$work" package/libduckdb.so || return 1
    checked "$library_sha" "$work/package/libduckdb.so" || { say "The library is not the one that was pinned."; return 1; }
    mv "$work/package/libduckdb.so" "$duckdb/libduckdb.so"
}

mapfile -t packages < <(lacking)
[ ${#packages[@]} = 0 ] || install "${packages[@]}"

if [ -e "$duckdb/libduckdb.so" ]; then
    checked "$library_sha" "$duckdb/libduckdb.so" && exit 0
    say "DuckDB's library is damaged; it is fetched again."
    rm "$duckdb/libduckdb.so"
fi
if prebuilt && has npm && fetch; then exit 0; fi
say "DuckDB's ready-made library can't be had here, so DuckDB is compiled from its sources:"
say "about 25 minutes more on two idle cores, this once."

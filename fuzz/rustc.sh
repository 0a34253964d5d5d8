#!/bin/sh
# Compiles for fuzzing only what reads files: counters in everything else make each run several times slower, and tell
# the fuzzer nothing. Set as RUSTC_WRAPPER.
name=
previous=
for argument; do
    [ "$previous" = --crate-name ] && name=$argument
    previous=$argument
done
case $name in
custodia | custodia_fuzz | whatsapp | records | bundles | outlook | mail | extract | mapping | query | csv_core | mail_parser | zip) exec "$@" ;;
esac
for argument; do
    shift
    case $argument in
    -Cpasses=sancov-module | -Cllvm-args=-sanitizer-coverage-*) ;;
    *) set -- "$@" "$argument" ;;
    esac
done
exec "$@"

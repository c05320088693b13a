#!/bin/sh
# Measures the pattern engine against GNU grep and prints a table in Markdown.
set -eu

usage() {
    cat <<'EOF'
Usage: server/bench/rules.sh [--quick] [--lines N] [--seconds N] [--cpu N] [--offline] [RULES...]

Builds and runs the benchmark of the pattern engine beside GNU grep, on one core, and prints a table.

  --quick      20 and 500 rules, 5,000 lines, measurements of 0.2 seconds: under a minute once built
  --lines N    how many lines (default: 1000000)
  --seconds N  how long each of the seven measurements takes, as 0.5 (default: 2)
  --cpu N      the core to run on (default: 0)
  --offline    Maven downloads nothing
  RULES        how many rules, one row of the table each (default: 20 500 1500 5000)

Needs JDK 17, Maven, and about 2 GB of memory, most of it for grep with 5,000 rules.
EOF
}

lines=1000000
seconds=2
cpu=0
rules="20 500 1500 5000"
given=""
offline=""
while [ $# -gt 0 ]; do
    case $1 in
        --help | -h) usage; exit 0 ;;
        --quick) lines=5000; seconds=0.2; rules="20 500" ;;
        --lines) lines=$2; shift ;;
        --seconds) seconds=$2; shift ;;
        --cpu) cpu=$2; shift ;;
        --offline) offline=-o ;;
        -*) usage >&2; exit 2 ;;
        *) given="$given $1" ;;
    esac
    shift
done

cd "$(dirname "$0")/../.."
# shellcheck disable=SC2086 # empty, or one option
mvn -q $offline -Pbench -pl server test-compile
built=server/target/bench
classpath=$built/test-classes:$built/classes:$(cat "$built/classpath")
# shellcheck disable=SC2086 # the numbers of rules are several arguments
exec taskset -c "$cpu" java -XX:+UseSerialGC -cp "$classpath" org.loghost.pattern.RulesTable \
    "$lines" "$seconds" ${given:-$rules}

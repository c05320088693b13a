#!/bin/sh
# Measures each station of a message's path by itself, in one thread, and prints JMH's table.
set -eu

case ${1:-} in
    --help | -h)
        cat <<'END'
Usage: server/bench/path.sh [JMH-OPTIONS]

Builds and runs the benchmarks of framing, parsing, host look-up, append and classifying: nanoseconds a message.

examples:
  server/bench/path.sh                        all: some three minutes
  server/bench/path.sh classify -prof gc      one, with the bytes it allocates
  server/bench/path.sh -p hosts=100 -w 1 -r 1

Needs JDK 17 and Maven. Writes to the temporary folder, some hundred MB, and deletes it.
END
        exit 0
        ;;
esac
benchmark=PathBenchmark
case ${1:-} in
    "" | -*) ;;
    *)
        benchmark="PathBenchmark.$1\$"
        shift
        ;;
esac

cd "$(dirname "$0")/../.."
mvn -q -Pbench -pl server test-compile
built=server/target/bench
classpath=$built/test-classes:$built/classes:$(cat "$built/classpath")
exec java -XX:+UseSerialGC -cp "$classpath" org.openjdk.jmh.Main "$benchmark" "$@"

#!/usr/bin/env bash
# Loghost beside rsyslog and syslog-ng on one machine: CPU per stored message, throughput, memory, and what was lost.
set -euo pipefail
cd "$(dirname "$0")/../.."

usage() {
    cat <<'EOF'
usage: server/bench/run.sh [--smoke] [--pairs N] [--messages N] [CASE...]

Runs Loghost and its peers one after the other, round by round, over loopback, and prints a Markdown table of the ratios.
Every message is looked for in the files afterwards. Ratios of one run are meant; the figures themselves depend on the
machine. Needs Debian with gcc, JDK 17, Maven, and apt-get to fetch the peers (unpacked, not installed).

cases: tcp-1 tcp-100 tcp-1000 tcp-10000 tcp-50000 octet conn-1000 trickle udp findings start soak
       (default: tcp-100; soak takes half an hour and 8 GB)
  --smoke       small, Loghost alone, and only whether everything arrives: for CI
  --pairs N     rounds of each case (default 5)
  --messages N  messages of a round (default 2000000); udp takes five seconds of each rate

environment: BENCH_DIR, where the servers write (default: a new folder under /dev/shm)

examples:
  server/bench/run.sh tcp-100 udp
  server/bench/run.sh --pairs 7 --messages 2000000 tcp-10000
EOF
}

pairs=5
messages=2000000
smoke=
cases=()
while [ $# -gt 0 ]; do
    case $1 in
        --smoke) smoke=1 ;;
        --pairs) pairs=$2 && shift ;;
        --messages) messages=$2 && shift ;;
        -h | --help) usage && exit 0 ;;
        -*) echo "run.sh: unknown option $1; try --help" >&2 && exit 2 ;;
        *) cases+=("$1") ;;
    esac
    shift
done

tools=$PWD/server/target/bench
peers=$tools/peers
libraries=$peers/usr/lib/x86_64-linux-gnu:$peers/lib/x86_64-linux-gnu:$peers/usr/lib/syslog-ng
dir=${BENCH_DIR:-$(mktemp -d /dev/shm/loghost-bench.XXXXXX)}
mkdir -p "$tools" "$dir"
server_pid=

cleanup() {
    [ -z "${rmem_max:-}" ] || echo "$rmem_max" >/proc/sys/net/core/rmem_max
    [ -z "$server_pid" ] || kill -9 "$server_pid" 2>/dev/null || true
    [ -n "${BENCH_DIR:-}" ] || rm -rf "$dir"
}
trap cleanup EXIT

say() { printf '%s  %s\n' "$(date +%T)" "$*" >&2; }
die() { echo "run.sh: $*" >&2 && exit 1; }

# All that is missing at once, with the package that has it.
needs() {
    local tool missing=()
    for tool in "$@"; do
        command -v "${tool%%:*}" >/dev/null || missing+=("${tool%%:*} (package ${tool#*:})")
    done
    [ ${#missing[@]} = 0 ] || die "missing: ${missing[*]}; install with apt-get"
}

prepare() {
    local commands=(gcc:gcc ss:iproute2 awk:mawk)
    [ -n "${JAVA_HOME:-}" ] || commands+=(javac:openjdk-17-jdk-headless)
    [ -f server/target/loghost.jar ] || commands+=(mvn:maven)
    needs "${commands[@]}"
    echo '#include <stdio.h>' | gcc -E - >/dev/null 2>&1 || die "missing: the headers of C (package libc6-dev)"
    for tool in generator verify; do
        gcc -O2 -Wall -Wextra -Werror -D_GNU_SOURCE -o "$tools/$tool" "server/bench/$tool.c"
    done
    [ -f server/target/loghost.jar ] || mvn -q -DskipTests package
    server/bin/loghost serve --rehearse 2>/dev/null >&2
    "$tools/generator" rules 1500 >"$tools/logcheck.ignore"
    ulimit -n "$(ulimit -Hn)"
}

fetch_peers() {
    [ -x "$peers/usr/sbin/rsyslogd" ] && [ -x "$peers/usr/sbin/syslog-ng" ] && return
    needs apt-get:apt dpkg:dpkg
    say "fetching rsyslog and syslog-ng"
    mkdir -p "$peers/deb"
    (cd "$peers/deb" && apt-get download -qq -o APT::Sandbox::User=root rsyslog libestr0 libfastjson4 liblognorm5 syslog-ng-core libivykis0 libnet1 libpcre3 libjson-c5 libwrap0) ||
        die "the peers could not be fetched (apt-get update?)"
    for package in "$peers"/deb/*.deb; do
        dpkg -x "$package" "$peers"
    done
}

# Below the ports that clients get (32768 and up by default): a connection that has just ended would be in the way.
free_port() {
    local port
    while :; do
        port=$((10000 + RANDOM % 22000))
        ss -Hlntu | grep -q ":$port " || break
    done
    echo "$port"
}

# ---- servers: each start_NAME writes its configuration and sets server_pid

start_loghost() { # transport port hosts rules
    local rules="$work/rules" classifiers=1
    mkdir -p "$rules"
    case $4 in
        off) classifiers=0 ;;
        *) cp "$tools/logcheck.ignore" "$rules/" ;;
    esac
    cat >"$work/loghost.toml" <<EOF
data = "."
[[listen]]
kind = "$1"
bind = "127.0.0.1:$2"
[archive]
path = "$work/hosts"
[hosts]
reverse-dns = false
max-hosts = 200000
max-new-per-sender = 200000
[rules]
shipped = false
path = "$rules"
[threads]
classifiers = $classifiers
EOF
    server/bin/loghost serve --config "$work/loghost.toml" >"$work/log" 2>&1 &
    server_pid=$!
}

# A cache of as many files as hosts is best up to some hundreds; it is searched from end to end. The backlog is 5 unless
# told: connections beyond wait seconds for the kernel to ask again.
start_rsyslog() {
    local cache=$(($3 > 1000 ? 100 : $3)) module=imptcp
    local input="input(type=\"imptcp\" address=\"127.0.0.1\" port=\"$2\" socketBacklog=\"2000\")"
    if [ "$1" = udp ]; then
        module=imudp
        input="input(type=\"imudp\" address=\"127.0.0.1\" port=\"$2\" rcvbufSize=\"64m\")"
    fi
    cat >"$work/rsyslog.conf" <<EOF
module(load="$module")
global(workDirectory="$work")
main_queue(queue.size="200000" queue.dequeueBatchSize="2048")
template(name="file" type="string" string="$work/hosts/%HOSTNAME%/log")
template(name="line" type="string"
         string="%TIMESTAMP% %HOSTNAME% %syslogtag%%msg:::sp-if-no-1st-sp%%msg:::drop-last-lf%\n")
$input
action(type="omfile" dynaFile="file" template="line" dynaFileCacheSize="$cache" flushOnTXEnd="on" ioBufferSize="64k")
EOF
    LD_LIBRARY_PATH=$libraries "$peers/usr/sbin/rsyslogd" -n -x -f "$work/rsyslog.conf" \
        -i "$work/pid" -M "$peers/usr/lib/x86_64-linux-gnu/rsyslog" >"$work/log" 2>&1 &
    server_pid=$!
}

# Its network() source takes lines only, its syslog() source counted frames only.
start_syslog-ng() {
    local receive="so-rcvbuf(67108864)" source=network
    [ "$1" = udp ] || receive="max-connections(2000) listen-backlog(2000) log-iw-size(400000)"
    [ "$framing" != octet ] || source=syslog
    cat >"$work/syslog-ng.conf" <<EOF
@version: 3.38
options { keep-hostname(yes); use-dns(no); chain-hostnames(no); create-dirs(yes); stats-freq(0); log-fifo-size(400000); };
source s { $source(ip("127.0.0.1") port($2) transport("$1") $receive log-fetch-limit(1000)); };
destination d { file("$work/hosts/\${HOST}/log"); };
log { source(s); destination(d); flags(flow-control); };
EOF
    LD_LIBRARY_PATH=$libraries "$peers/usr/sbin/syslog-ng" -F --no-caps \
        -f "$work/syslog-ng.conf" -R "$work/persist" -c "$work/control" -p "$work/pid" \
        --module-path="$peers/usr/lib/syslog-ng/3.38" >"$work/log" 2>&1 &
    server_pid=$!
}

is_listening() { ss -Hlntu | grep -q "127.0.0.1:$1 "; }
# The same, without starting a program that takes longer than what is measured.
is_bound() {
    local entry pattern
    printf -v pattern ' 0100007F:%04X 00000000:0000 0A ' "$1"
    entry=$(</proc/net/tcp)
    [[ $entry == *"$pattern"* ]]
}
ticks() { awk '{sub(/.*\) /, ""); print $12 + $13}' "/proc/$server_pid/stat"; }
peak_mb() { awk '/VmHWM/ {printf "%.0f", $2 / 1024}' "/proc/$server_pid/status"; }

# Waits until so many bytes are on file, or nothing has been added for 4 s; sets finished, in seconds since boot.
await_bytes() { # bytes
    local now last=0 since=$EPOCHREALTIME pause=0.05
    [ "$hosts" -lt 2000 ] || pause=0.3
    while :; do
        now=$("$tools/verify" bytes "$work/hosts")
        finished=$EPOCHREALTIME
        [ "$now" -lt "$1" ] || return 0
        if [ "$now" != "$last" ]; then
            last=$now
            since=$finished
        elif awk "BEGIN {exit !($finished - $since > 4)}"; then
            return 0
        fi
        sleep $pause
    done
}

# One leg: a server, a cold round, one more, and the warm one that counts. Prints
# "CPU-seconds-per-million messages-per-second lost", then the peak in MB, and how many messages of all rounds are missing
# and damaged, then the first three of the cold round.
leg() { # server transport hosts connections odd rules extra...
    local server=$1 transport=$2 connections=$4 odd=$5 rules=$6 port round count each base=0 cold
    local framing=${7:-} # which is the rate in other cases
    hosts=$3
    shift 6
    launch
    each=$((messages / hosts))
    [ "$each" -gt 0 ] || each=1
    count=$((each * hosts))
    for round in 0 1 2; do
        play "$@"
        [ "$round" != 0 ] || cold=$(figures 0)
    done
    echo "$(figures 2) $(peak_mb) $(checked) $cold"
    end
}

# Starts the server of the leg with an empty folder, and waits until it listens.
launch() {
    local since=$SECONDS
    work=$dir/leg
    rm -rf "$work"
    mkdir -p "$work/hosts"
    port=$(free_port)
    "start_$server" "$transport" "$port" "$hosts" "$rules"
    until is_listening "$port"; do
        kill -0 "$server_pid" 2>/dev/null || { cat "$work/log" >&2; die "$server did not start"; }
        [ $((SECONDS - since)) -lt 60 ] || die "$server does not listen after a minute"
        sleep 0.05
    done
}

end() {
    kill "$server_pid"
    wait "$server_pid" 2>/dev/null || true
    server_pid=
    rm -rf "$work"
}

# One round: sends, waits until all is on file, and sets used, in clock ticks, and began and finished.
play() { # extra...
    local ticks_before sent kind=$transport
    [ "${mode:-}" != trickle ] || kind=trickle
    ticks_before=$(ticks)
    began=$EPOCHREALTIME
    sent=$(timeout 300 "$tools/generator" "$kind" "$port" "$connections" "$hosts" "$count" \
        $((round * each)) "$odd" "$@") || die "the generator failed against $server"
    base=$((base + ${sent#* }))
    await_bytes "$base"
    used=$(($(ticks) - ticks_before))
    # A round that lost something must not make the next one wait for it.
    base=$("$tools/verify" bytes "$work/hosts")
}

# "CPU-per-million rate lost" of the round just played.
figures() { # round
    # shellcheck disable=SC2046
    set -- $("$tools/verify" lines "$work/hosts" "$hosts" $(($1 * each)) $((($1 + 1) * each - 1)))
    awk -v ticks="$used" -v hz="$(getconf CLK_TCK)" -v n="$1" -v lost="$2" -v began="$began" -v finished="$finished" \
        'BEGIN {printf "%.3f %.0f %d", n ? ticks / hz / n * 1e6 : 0, n / (finished - began), lost}'
}

# How many of all rounds' messages are missing, and how many are damaged: twice, out of order, torn or in another host's file.
checked() {
    # shellcheck disable=SC2046
    set -- $("$tools/verify" lines "$work/hosts" "$hosts" 0 $((3 * each - 1)))
    [ "$3 $4 $5" = "0 0 0" ] || say "$server: $3 out of order or twice, $4 torn, $5 misfiled"
    if [ "$transport" = tcp ] && [ "$2" != 0 ]; then
        say "$server: $2 of $((3 * count)) messages are missing"
    fi
    echo "$2 $(($3 + $4 + $5))"
}

# Median, least and greatest of the numbers on standard input.
spread() { sort -g | awk '{v[NR] = $1; broken += $1 != int($1)} END {
        f = broken && v[NR] < 100 ? "%.2f (%.2f–%.2f)" : "%.0f (%.0f–%.0f)"
        if (NR == 1 || v[1] == v[NR]) sub(/ .*/, "", f)
        printf f, v[int((NR + 1) / 2)], v[1], v[NR]}'; }

# The ratio of a column of ours to the same line's column of a peer.
ratios() { # column ours theirs
    paste -d ' ' "$2" "$3" | awk -v c="$1" '{if ($(c + 9) > 0) printf "%.4f\n", $c / $(c + 9)}' | spread
}

column() { awk -v c="$1" '{print $c}' "$2" | spread; }

row() { # case server legs
    printf '| %s | %s | %s | %s | %s | %s | %s | %s | %s |\n' "$1" "$2" "$(column 1 "$3")" "$(column 2 "$3")" \
        "$(column 4 "$3")" "$(column 3 "$3")" "$(column 7 "$3")" "$(column 8 "$3")" "$(column 9 "$3")"
}

compare() { # name transport hosts connections extra...
    local name=$1 transport=$2 hosts=$3 connections=$4 out="$dir/results" pair server variant
    shift 4
    mkdir -p "$out"
    rm -f "$out"/*
    for ((pair = 1; pair <= pairs; pair++)); do
        for variant in off 1500; do
            say "$name: round $pair of $pairs: loghost, rules $variant"
            leg loghost "$transport" "$hosts" "$connections" 0 "$variant" "$@" >>"$out/loghost-$variant"
        done
        for server in rsyslog syslog-ng; do
            if [ "$server" = syslog-ng ] && [ "$hosts" -gt 10000 ]; then
                continue # it keeps a file open for each host
            fi
            say "$name: round $pair of $pairs: $server"
            leg "$server" "$transport" "$hosts" "$connections" 0 none "$@" >>"$out/$server"
        done
    done
    for server in loghost-off loghost-1500 rsyslog syslog-ng; do
        [ -f "$out/$server" ] || continue
        row "$name" "$server" "$out/$server"
    done >>"$dir/figures"
    for variant in off 1500; do
        for server in rsyslog syslog-ng; do
            [ -f "$out/$server" ] || continue
            printf '| %s | %s | %s | %s | %s |\n' "$name" "$variant" "$server" \
                "$(ratios 1 "$out/loghost-$variant" "$out/$server")" "$(ratios 2 "$out/loghost-$variant" "$out/$server")"
        done
    done >>"$dir/ratios"
}

# A receive buffer of 64 MiB for all: rsyslog may go beyond the kernel's limit, the others may not.
equal_buffers() {
    [ -n "${rmem_max:-}" ] && return
    [ -w /proc/sys/net/core/rmem_max ] || die "udp: net.core.rmem_max cannot be set (expected: root)"
    rmem_max=$(cat /proc/sys/net/core/rmem_max)
    echo 67108864 >/proc/sys/net/core/rmem_max
}

# For each server the highest rate at which it loses nothing, found step by step; the ratio of CPU is that at the highest
# rate that both take without loss.
case_udp() {
    local out="$dir/results" pair name server rules
    equal_buffers
    mkdir -p "$out"
    rm -f "$out"/*
    for ((pair = 1; pair <= pairs; pair++)); do
        for name in loghost-off loghost-1500 rsyslog syslog-ng; do
            server=${name%-off}
            server=${server%-1500}
            rules=${name#loghost-}
            say "udp: round $pair of $pairs: $name"
            ramp >"$out/$name.$pair"
        done
    done
    for name in loghost-off loghost-1500 rsyslog syslog-ng; do
        printf '| udp, without loss | %s | %s | %s | %s | 0 | | | |\n' "$name" "$(best "$out/$name" 2 | spread)" \
            "$(best "$out/$name" 1 | spread)" "$(best "$out/$name" 3 | spread)"
    done >>"$dir/figures"
    for rules in off 1500; do
        for server in rsyslog syslog-ng; do
            printf '| udp, without loss | %s | %s | %s | %s |\n' "$rules" "$server" \
                "$(for ((pair = 1; pair <= pairs; pair++)); do
                    join <(sort "$out/loghost-$rules.$pair") <(sort "$out/$server.$pair") | sort -g | tail -n 1 |
                        awk '{print $2 / $4}'
                done | spread)" \
                "$(paste <(best "$out/loghost-$rules" 1) <(best "$out/$server" 1) | awk '{print $1 / $2}' | spread)"
        done
    done >>"$dir/ratios"
}

# A column of the last line, the highest rate, of each round.
best() { # files column
    local pair
    for ((pair = 1; pair <= pairs; pair++)); do
        tail -n 1 "$1.$pair" | cut -d ' ' -f "$2"
    done
}

# One server: two rounds to warm up, then steps of five seconds, each faster than the last, until it loses something twice
# at the same rate. Prints of each step without loss "rate CPU-seconds-per-million peak-MB".
ramp() {
    local transport=udp connections=1 odd=0 port round=0 count each base=0 rate cpu framing=
    hosts=100
    launch
    for rate in 200000 200000; do
        step || true
    done
    for ((rate = 100000; rate <= 1500000; rate += 50000)); do
        step || step || break
        echo "$rate $cpu $(peak_mb)"
    done
    end
}

# Five seconds at a rate; sets cpu, seconds per million; fails when something was lost. The files, in memory, are emptied.
step() {
    each=$((rate / 20))
    count=$((each * hosts))
    round=0
    base=0
    play "$rate"
    # shellcheck disable=SC2046
    set -- $(figures 0)
    : | tee "$work"/hosts/h*/* >/dev/null
    cpu=$1
    say "$name: $rate a second: $3 of $count lost, $cpu CPU s per million stored"
    [ "$3" = 0 ]
}

case_findings() {
    local odd
    for odd in 0 100 1; do
        say "findings: every $odd-th message unusual (0: none)"
        : >"$dir/one"
        for ((pair = 1; pair <= pairs; pair++)); do
            leg loghost tcp 100 8 "$odd" 1500 >>"$dir/one"
        done
        row "findings: one in $odd" loghost-1500 "$dir/one" >>"$dir/figures"
    done
}

case_start() {
    local began port server framing=
    for server in loghost rsyslog syslog-ng; do
        : >"$dir/start-$server"
        : >"$dir/idle-$server"
        for ((pair = 1; pair <= pairs; pair++)); do
            work=$dir/leg
            rm -rf "$work"
            mkdir -p "$work/hosts"
            port=$(free_port)
            began=$EPOCHREALTIME
            "start_$server" tcp "$port" 100 1500
            until is_bound "$port"; do
                kill -0 "$server_pid" 2>/dev/null || die "$server did not start"
                sleep 0.002
            done
            awk "BEGIN {printf \"%.0f\n\", ($EPOCHREALTIME - $began) * 1000}" >>"$dir/start-$server"
            sleep 2 # until it is idle
            peak_mb >>"$dir/idle-$server"
            echo >>"$dir/idle-$server"
            kill "$server_pid"
            wait "$server_pid" 2>/dev/null || true
            server_pid=
        done
        printf '| start; idle | %s | | %s ms | %s | | | | |\n' "$server" "$(spread <"$dir/start-$server")" \
            "$(spread <"$dir/idle-$server")" >>"$dir/figures"
    done
}

# Half an hour on one server: a burst every five seconds, and a row every three minutes. 1,000 hosts, 1,500 rules, one
# message in a hundred unusual; the report goes out meanwhile.
case_soak() {
    local transport=tcp connections=8 odd=100 server=loghost rules=1500 framing=
    local port each=150 count=150000 base=0 round bursts=360 total=0 since=0 used began finished
    hosts=1000
    launch
    for ((round = 0; round < bursts; round++)); do
        play
        total=$((total + used))
        since=$((since + 1))
        if [ "$since" = $((bursts / 10)) ]; then
            say "soak: burst $((round + 1)) of $bursts"
            printf '| soak: minutes %s to %s | loghost-1500 | %s | | %s | | | | |\n' $(((round + 1 - since) / 12)) \
                $(((round + 1) / 12)) "$(awk -v t="$total" -v n=$((since * count)) -v hz="$(getconf CLK_TCK)" \
                    'BEGIN {printf "%.2f", t / hz / n * 1e6}')" \
                "$(awk '/VmRSS/ {printf "%.0f", $2 / 1024}' "/proc/$server_pid/status")" >>"$dir/figures"
            total=0
            since=0
        fi
        sleep "$(awk -v passed="$(awk "BEGIN {print $EPOCHREALTIME - $began}")" \
            'BEGIN {print (passed < 5 ? 5 - passed : 0)}')"
    done
    # shellcheck disable=SC2046
    set -- $("$tools/verify" lines "$work/hosts" "$hosts" 0 $((bursts * each - 1)))
    say "soak: $1 messages stored, $2 missing, $(($3 + $4 + $5)) damaged"
    printf '| soak: all | loghost-1500 | | | %s | %s | | | |\n' "$(peak_mb)" "$2" >>"$dir/figures"
    end
}

run_case() {
    case $1 in
        tcp-*) compare "$1" tcp "${1#tcp-}" 8 ;;
        octet) compare octet tcp 100 8 octet ;;
        conn-1000) compare conn-1000 tcp 1000 1000 ;;
        trickle) mode=trickle compare trickle tcp 200 200 100000 ;;
        udp) case_udp ;;
        findings) case_findings ;;
        start) case_start ;;
        soak) case_soak ;;
        *) die "unknown case $1; try --help" ;;
    esac
}

smoke() {
    messages=100000
    local result name
    for name in "tcp 100 8 0" "tcp 2000 50 0" "tcp 100 8 0 octet" "tcp 100 8 100"; do
        # shellcheck disable=SC2086
        set -- $name
        say "smoke: $name"
        leg loghost "$1" "$2" "$3" "$4" 1500 ${5:+"$5"} >"$dir/one"
        result=$(cat "$dir/one")
        [ "$(echo "$result" | cut -d ' ' -f 5-6)" = "0 0" ] || die "smoke: $name: lost or damaged: $result"
    done
    echo "smoke: every message is on file, once, in order, with its host"
}

prepare
if [ -n "$smoke" ]; then
    smoke
    exit
fi
fetch_peers
for name in "${cases[@]:-tcp-100}"; do
    run_case "$name"
done
echo "Messages of a round: $messages; rounds: $pairs; $(nproc) cores; $(uname -sr); median (least–greatest)."
echo
echo "| case | server | CPU s per million | messages/s | peak MB | lost | cold: CPU | cold: messages/s | cold: lost |"
echo "|---|---|---|---|---|---|---|---|---|"
cat "$dir/figures"
if [ -s "$dir/ratios" ]; then
    echo
    echo "| case | rules | peer | CPU, ratio | throughput, ratio |"
    echo "|---|---|---|---|---|"
    cat "$dir/ratios"
fi

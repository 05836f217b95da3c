#!/bin/bash
# A scan as an array of six Slurm tasks on three nodes, one of which dies in
# the middle: its tasks are run again elsewhere, and merge gives the report of
# one scan, byte by byte.
#
# usage: bench/slurm.sh GIT_HYGIENE REPOSITORY
#
# Needs root, and slurm-wlm and munge of the distribution. The three nodes are
# slurmd processes on loopback, with configuration, state and logs in a
# temporary folder; all that it starts it stops. Takes about four minutes:
# Slurm waits for two of them before it runs a task again.
set -euo pipefail

program=$(realpath -- "$1")
repository=$(realpath -- "$2")
tasks=6
dir=$(mktemp -d)
host=$(hostname -s)
export SLURM_CONF=$dir/slurm.conf
started=() # ids of the daemons

say() { echo "$(date +%T) $*"; }

stop() {
	scontrol shutdown >/dev/null 2>&1 || true
	sleep 2
	for pid in "${started[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	[ -n "${KEEP-}" ] || rm -rf "$dir"
}
trap stop EXIT

configure() {
	mkdir -p "$dir/state" "$dir/log" "$dir/reports"
	cat >"$SLURM_CONF" <<-END
	ClusterName=hygiene
	SlurmctldHost=$host(127.0.0.1)
	SlurmUser=root
	SlurmdUser=root
	AuthType=auth/munge
	CryptoType=crypto/munge
	SlurmctldPort=26817
	SlurmctldPidFile=$dir/slurmctld.pid
	SlurmdPidFile=$dir/slurmd-%n.pid
	StateSaveLocation=$dir/state
	SlurmdSpoolDir=$dir/spool-%n
	SlurmctldLogFile=$dir/log/slurmctld.log
	SlurmdLogFile=$dir/log/slurmd-%n.log
	ProctrackType=proctrack/linuxproc
	TaskPlugin=task/none
	JobAcctGatherType=jobacct_gather/none
	AccountingStorageType=accounting_storage/none
	SchedulerType=sched/backfill
	SelectType=select/cons_tres
	SelectTypeParameters=CR_CPU
	ReturnToService=2
	MpiDefault=none
	SlurmdParameters=config_overrides
	SlurmdTimeout=10
	NodeName=n1 NodeHostname=$host NodeAddr=127.0.0.1 Port=26821 CPUs=2
	NodeName=n2 NodeHostname=$host NodeAddr=127.0.0.1 Port=26822 CPUs=2
	NodeName=n3 NodeHostname=$host NodeAddr=127.0.0.1 Port=26823 CPUs=2
	PartitionName=test Nodes=n[1-3] Default=YES MaxTime=30 State=UP
	END
}

note_daemon() { # note_daemon NAME: waits for the file with its id
	for _ in $(seq 100); do
		[ -s "$dir/$1.pid" ] && break
		sleep 0.1
	done
	started+=("$(cat "$dir/$1.pid")")
}

start() {
	if ! munge -n 2>/dev/null | unmunge >/dev/null 2>&1; then
		install -d -o munge -g munge /run/munge
		runuser -u munge -- /usr/sbin/munged
		started+=("$(cat /run/munge/munged.pid)")
	fi
	slurmctld -c
	note_daemon slurmctld
	for node in n1 n2 n3; do
		mkdir -p "$dir/spool-$node"
		slurmd -N $node
		note_daemon slurmd-$node
	done
	for _ in $(seq 60); do
		[ "$(sinfo -h -N -o %T | sort -u)" = idle ] && return
		sleep 1
	done
	say "the nodes do not become idle" && exit 1
}

submit() {
	cat >"$dir/task.sh" <<-END
	#!/bin/sh
	echo "\$SLURM_ARRAY_TASK_ID \$SLURMD_NODENAME \${SLURM_RESTART_COUNT:-0}" \
		>>$dir/starts
	exec $program scan --shard=auto --jobs=1 --now=2026-01-01 \
		--fail-on=never -o $dir/reports/\$SLURM_ARRAY_TASK_ID.jsonl \
		$repository
	END
	chmod +x "$dir/task.sh"
	sbatch --parsable --requeue --array=0-$((tasks - 1)) --cpus-per-task=1 \
		--output="$dir/log/task-%a" --chdir="$dir" "$dir/task.sh"
}

# Ids of the tasks of a node, and of the steps that run them.
processes_of() { # processes_of NODE
	local environ pid parent
	for environ in /proc/[0-9]*/environ; do
		tr '\0' '\n' <"$environ" >"$dir/environ" || continue
		grep -qx "SLURMD_NODENAME=$1" "$dir/environ" || continue
		grep -qx "SLURM_CONF=$SLURM_CONF" "$dir/environ" || continue
		pid=${environ#/proc/}
		pid=${pid%/environ}
		echo "$pid"
		parent=$(ps -o ppid= -p "$pid" | tr -d ' ')
		[ "${parent:-1}" -le 1 ] || echo "$parent"
	done 2>/dev/null | sort -u
}

fail_node() { # fail_node NODE: as if its power went
	local victims
	victims=$(processes_of "$1")
	kill -9 "$(cat "$dir/slurmd-$1.pid")"
	[ -z "$victims" ] || kill -9 $victims 2>/dev/null || true
	scontrol update nodename="$1" state=down reason=power
}

configure
start
say "nodes: $(sinfo -h -o '%D %T')"
job=$(submit)
say "array $job of $tasks tasks"
until [ "$(grep -c n2 "$dir/starts" 2>/dev/null || true)" = 2 ]; do
	sleep 0.2
done
sleep "${KILL_AFTER:-1.5}"
fail_node n2
say "n2 is dead; reports so far: $(find "$dir/reports" -name '*.jsonl' | wc -l)"
while [ -n "$(squeue -h -j "$job" 2>/dev/null)" ]; do
	sleep 5
done
say "starts (task, node, restarts):"
sort -n "$dir/starts" | sed 's/^/    /'
"$program" scan --format=jsonl --no-cache --now=2026-01-01 --fail-on=never \
	"$repository" >"$dir/whole.jsonl" || true
"$program" merge --fail-on=never "$dir"/reports/*.jsonl >"$dir/merged.jsonl" ||
	true
find "$dir/reports" ! -name '*.jsonl' -type f |
	sed 's/^/    left behind: /'
grep -q ' 1$' "$dir/starts" || { say "no task was run again" && exit 1; }
cmp "$dir/merged.jsonl" "$dir/whole.jsonl"
say "merged is the whole: $(wc -l <"$dir/whole.jsonl") lines," \
	"$(sha256sum <"$dir/whole.jsonl" | cut -c1-16)"

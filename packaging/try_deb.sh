#!/bin/sh
# Installs the package in a copy of a clean Debian root, scans a clone there,
# looks at the man page, and purges it: nothing may be left. Needs root.
# usage: packaging/try_deb.sh PACKAGE ROOT
#   ROOT: as made by debootstrap --variant=minbase --include=git,ca-certificates
set -eu
package=$(readlink -f "$1")
base=$(cd "$2" && pwd)
root=$(mktemp -d /var/tmp/try-deb.XXXXXX)
clean_up() {
	for part in proc dev/pts dev; do
		! mountpoint -q "$root/$part" || umount -l "$root/$part"
	done
	rm -rf --one-file-system "$root"
}
trap clean_up EXIT
inside() {
	chroot "$root" /usr/bin/env -i HOME=/root LANG=C.UTF-8 \
		DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
files() {
	inside find / -xdev -path /proc -prune -o -path /dev -prune -o \
		-path /tmp -prune -o -path /var/lib -prune -o \
		-path /var/cache -prune -o -path /var/log -prune -o \
		-path /root -prune -o -print | sort
}

cp -a "$base/." "$root"
cp /etc/resolv.conf "$root/etc/"
[ ! -d /etc/apt/apt.conf.d ] || cp /etc/apt/apt.conf.d/* "$root/etc/apt/apt.conf.d/"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount --bind /dev/pts "$root/dev/pts"
cp "$package" "$root/tmp/"
name=/tmp/${package##*/}
inside apt-get -qq update
# its dependencies first, so that only the package itself makes a difference
depends=$(dpkg-deb -f "$package" Depends | sed 's/([^)]*)//g; s/|[^,]*//g; s/,/ /g')
inside apt-get -qq install -y --no-install-recommends man-db $depends >/dev/null
files >"$root/tmp/before"
inside dpkg -i "$name" >/dev/null

inside sh -euc '
	git hygiene version
	git init -q -b main /tmp/app && cd /tmp/app
	mkdir flask_session
	echo x >flask_session/2029240f6d1128be89ddc32729463129
	git add -A
	git -c user.name=A -c user.email=a@example.com commit -qm one
	git clone -q /tmp/app /tmp/clone && cd /tmp/clone
	git hygiene scan --porcelain | grep flask-session-counter
	gzip -dc /usr/share/man/man1/git-hygiene-scan.1.gz | head -n 1
'
inside dpkg --purge git-hygiene >/dev/null
files >"$root/tmp/after"
diff "$root/tmp/before" "$root/tmp/after"
echo "installed, scanned, purged: nothing is left"

#!/bin/sh
# Prints where the programs of PostgreSQL 15 are, the oldest one that is supported; installs them where that is possible.
# Without it the suite is complete but for one test: that is said loudly and is no failure.
set -eu

find_programs() {
    for place in "${SANGYU_PG15:-}" /usr/lib/postgresql/15/bin; do
        if [ -n "$place" ] && [ -x "$place/initdb" ] && [ -x "$place/pg_ctl" ]; then
            echo "$place"
            return
        fi
    done
    return 1
}

if find_programs; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "正在安装测试用的 PostgreSQL 15 …" >&2
    apt-get update -qq >&2 || true
    # The package would make and start a server of its own; the test wants the programs only.
    mkdir -p /etc/postgresql-common/createcluster.d
    echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.d/sangyu-tests.conf
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends postgresql-15 >&2 || true
    if find_programs; then
        exit 0
    fi
fi
echo "！！没有 PostgreSQL 15，这一次不在它上面测试。需要的话请安装（例如 apt-get install postgresql-15），或用 SANGYU_PG15 指明程序所在目录。" >&2

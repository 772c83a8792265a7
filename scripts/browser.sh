#!/bin/sh
# Prints where Chromium is, for the browser tests; installs it where that is possible, else says in one sentence what to do.
set -eu

find_browser() {
    if [ -n "${SANGYU_CHROMIUM:-}" ]; then
        echo "$SANGYU_CHROMIUM"
        return
    fi
    for name in chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name"; then
            return
        fi
    done
    return 1
}

# Pages are Chinese: a browser without a Chinese font shows boxes.
has_font() {
    command -v fc-list >/dev/null && fc-list :lang=zh-cn | grep -q .
}

if has_font && find_browser; then
    exit 0
fi
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "正在安装测试用的浏览器 Chromium 和中文字体 …" >&2
    apt-get update -qq >&2 || true
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >&2 || true
    if find_browser; then
        exit 0
    fi
fi
echo "浏览器测试需要 Chromium：请先安装（例如 apt-get install chromium fonts-noto-cjk），或用 SANGYU_CHROMIUM 指明它在哪里。" >&2
exit 1

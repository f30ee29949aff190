#!/bin/sh
# Checks the package for this machine against CHECKSUMS.sha256 beside it and starts its setup; everything else is done by
# the program itself. What is written after the script's name goes to "phone-erp setup" (--answers FILE, --help …).
set -eu
cd "$(dirname "$0")"
case "$(uname -s)-$(uname -m)" in
  Linux-x86_64 | Linux-amd64) target=linux-x64 ;;
  Linux-aarch64 | Linux-arm64) target=linux-arm64 ;;
  *)
    echo "There is no package for $(uname -s) on $(uname -m).   没有适用于本机的安装包。" >&2
    exit 3
    ;;
esac
package=$(ls phone-erp-*-"$target" 2>/dev/null | tail -n 1)
if [ -z "$package" ]; then
  echo "The package for $target is missing here.   缺少 $target 的安装包。" >&2
  exit 3
fi
if ! grep "  $package\$" CHECKSUMS.sha256 | sha256sum -c --quiet -; then
  echo "$package is not as it was published; it was not started.   安装包与校验值不符，已停止。" >&2
  exit 1
fi
chmod +x "$package"
exec "./$package" setup "$@"

#!/bin/sh
# Fill in portefeuille.conf.template for one installation; see README.md beside it.
set -eu

here=$(cd "$(dirname "$0")" && pwd -P)
out=${1:?the folder to write portefeuille.conf and eid-secret.conf to}
: "${PUBLIC_ADDRESS:?such as https://portefeuille.example}" "${EID_HOST:?such as eid.portefeuille.example}"
: "${TLS_CERTIFICATE:?a file}" "${TLS_KEY:?a file}" "${EID_AUTHORITIES:?a file with the certificates of roots and issuers}"
: "${EID_SECRET_FILE:?the file of KMO_EID_SECRET_FILE; made when it is not there}"
HOST=$(printf '%s' "$PUBLIC_ADDRESS" | sed -E 's#^https?://##; s#[:/].*$##')
PORT=${PORT:-443} UPSTREAM=${UPSTREAM:-127.0.0.1:8000} LOGS=${LOGS:-/var/log/nginx}
EID_TLS_CERTIFICATE=${EID_TLS_CERTIFICATE:-$TLS_CERTIFICATE} EID_TLS_KEY=${EID_TLS_KEY:-$TLS_KEY}
EID_SECRET_CONF=$out/eid-secret.conf

umask 077  # what follows is secret
if [ ! -s "$EID_SECRET_FILE" ]; then
    od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$EID_SECRET_FILE"
fi
printf 'proxy_set_header X-Eid-Secret "%s";\n' "$(tr -d '\n' <"$EID_SECRET_FILE")" >"$EID_SECRET_CONF"

script=
for name in HOST PORT UPSTREAM LOGS PUBLIC_ADDRESS EID_HOST TLS_CERTIFICATE TLS_KEY EID_TLS_CERTIFICATE EID_TLS_KEY \
    EID_AUTHORITIES EID_SECRET_CONF; do
    eval "value=\$$name"
    case $value in *[\;\{\}\"\'\|\\\ ]*) echo "fill.sh: $name holds a sign that nginx would read otherwise" >&2; exit 1 ;; esac
    script="$script;s|@$name@|$value|g"
done
sed "${script#;}" "$here/portefeuille.conf.template" >"$out/portefeuille.conf"

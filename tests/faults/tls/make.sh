#!/bin/sh
# Makes the certificates of this directory anew. They guard nothing: tests show them to a client.
set -e
cd "$(dirname "$0")"
key() { openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1" 2>/dev/null; }
# NAME SUBJECT-ALTERNATIVE-NAME DAYS
leaf() {
    printf 'subjectAltName=%s\nextendedKeyUsage=serverAuth\n' "$2" >extensions.tmp
    openssl req -new -key key.pem -subj "/CN=$1" -out request.tmp
    openssl x509 -req -in request.tmp -CA ca.pem -CAkey ca-key.tmp -CAcreateserial -CAserial serial.tmp \
        -days "$3" -extfile extensions.tmp -out "$1.pem"
}

key key.pem
key ca-key.tmp
openssl req -x509 -new -key ca-key.tmp -subj "/CN=a CA for tests" -days 36500 \
    -addext "keyUsage=critical,keyCertSign" -out ca.pem
leaf good "IP:127.0.0.1" 36500
leaf other-name "DNS:other.example" 36500
leaf expired "IP:127.0.0.1" 0
openssl req -x509 -new -key key.pem -subj "/CN=self-signed" -days 36500 \
    -addext "subjectAltName=IP:127.0.0.1" -addext "basicConstraints=critical,CA:FALSE" -out self-signed.pem
rm -f ./*.tmp

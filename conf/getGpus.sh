#!/bin/sh
# Tells Spark which GPUs a machine has: {"name":"gpu","addresses":["0","1"]}.
set -eu
addresses=$(nvidia-smi --query-gpu=index --format=csv,noheader | sed 's/.*/"&"/' | paste -sd, -)
printf '{"name":"gpu","addresses":[%s]}\n' "$addresses"

#!/bin/sh
# One user per service: it writes to its own exchange, reads its own queue, and binds to the others' exchanges.
set -eu
for service in subscriptions billing webhooks notifications; do
  password=$(eval "echo \$$(echo "$service" | tr a-z A-Z)_BROKER_PASSWORD")
  rabbitmqctl add_user "$service" "$password" || rabbitmqctl change_password "$service" "$password"
  rabbitmqctl set_permissions -p / "$service" \
    "^(.*\.events|$service|$service\.dead)$" \
    "^($service\.events|$service|$service\.dead|amq\.default)$" \
    "^(.*\.events|$service|$service\.dead)$"
done

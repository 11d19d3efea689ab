#!/bin/sh
# One database and one user per service; each can reach its own only. Run once, on an empty volume.
set -eu
for service in subscriptions billing webhooks notifications; do
  password=$(eval "echo \$$(echo "$service" | tr a-z A-Z)_DB_PASSWORD")
  mysql -uroot -p"$MYSQL_ROOT_PASSWORD" <<SQL
CREATE DATABASE $service CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE USER '$service'@'%' IDENTIFIED BY '$password';
GRANT ALL ON $service.* TO '$service'@'%';
SQL
done

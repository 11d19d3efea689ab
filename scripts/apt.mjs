import { chmodSync, existsSync, rmSync, writeFileSync } from 'node:fs';
import { must, say } from './process.mjs';

const POLICY = '/usr/sbin/policy-rc.d';

/** The packages would start servers of their own on the standard ports; this keeps them from it. */
export async function aptInstall() {
  say('installing mariadb-server and rabbitmq-server (apt-get)');
  const ours = !existsSync(POLICY);
  if (ours) {
    writeFileSync(POLICY, '#!/bin/sh\nexit 101\n');
    chmodSync(POLICY, 0o755);
  }
  const env = { DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await must('apt-get', ['update', '-qq'], { env, quiet: true });
    const packages = ['mariadb-server', 'rabbitmq-server'];
    const options = ['install', '-y', '-qq', '--no-install-recommends'];
    await must('apt-get', [...options, ...packages], { env, quiet: true });
  } finally {
    if (ours) rmSync(POLICY, { force: true });
  }
  say('servers are installed');
}

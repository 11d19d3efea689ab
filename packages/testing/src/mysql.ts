import { randomBytes } from 'node:crypto';
import { openDatabase } from '@perennial/database';

/**
 * The URL of an empty database of its own, on the server that TEST_MYSQL_URL names. Throws where it
 * names none: a suite that needs a server is never passed over in silence.
 */
export async function testMysqlUrl(): Promise<string> {
  const server = process.env['TEST_MYSQL_URL'];
  if (!server) throw new Error('TEST_MYSQL_URL is not set: run npm test, which obtains a server');
  const name = `test_${randomBytes(8).toString('hex')}`;
  const admin = new URL(server);
  admin.pathname = '/mysql';
  const db = await openDatabase(admin.href, { poolSize: 1 });
  try {
    await db.transaction((tx) => tx.execute(`CREATE DATABASE ${name}`));
  } finally {
    await db.close();
  }
  admin.pathname = `/${name}`;
  return admin.href;
}

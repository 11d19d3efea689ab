/**
 * The socket's address written one way: a socket that listens for both families says `::ffff:10.0.0.1`
 * for 10.0.0.1, and a link-local address may have a zone, which is ours and not the peer's.
 */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').replace(/%.*$/, '');
}

import { BlockList, isIP } from 'node:net';
import { z } from 'zod';

const LOOPBACK = '127.0.0.0/8,::1';
const BITS = new Map([
  [4, 32],
  [6, 128],
]);

/** Addresses and CIDRs, comma-separated: from where Borealis may come. */
export const Peers = z
  .string()
  .default(LOOPBACK)
  .transform((text, context) => {
    const list = new BlockList();
    const added = text.split(',').map((entry) => add(entry.trim(), list));
    if (added.includes(false)) {
      context.addIssue({ code: 'custom', message: 'expected addresses or CIDRs, comma-separated' });
    }
    return { check: (address: string) => list.check(address, familyOf(address)) };
  });

function add(entry: string, list: BlockList): boolean {
  const [, address = '', length] = /^([0-9a-fA-F.:]+)(?:\/(\d{1,3}))?$/.exec(entry) ?? [];
  const bits = BITS.get(isIP(address));
  if (bits === undefined || Number(length ?? bits) > bits) return false;
  list.addSubnet(address, Number(length ?? bits), familyOf(address));
  return true;
}

function familyOf(address: string): 'ipv4' | 'ipv6' {
  return isIP(address) === 6 ? 'ipv6' : 'ipv4';
}

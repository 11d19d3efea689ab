import { z } from 'zod';

/** `host:port`, an IPv6 host in brackets. Port 0: any that is free. */
export const ListenAddress = z.string().transform((text, context) => {
  const [, inBrackets, plain, port] =
    /^(?:\[([0-9a-fA-F:]+)\]|([^\s:[\]]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = inBrackets ?? plain;
  if (host !== undefined && Number(port) <= 65_535) return { host, port: Number(port) };
  context.addIssue({ code: 'custom', message: 'expected host:port' });
  return z.NEVER;
});

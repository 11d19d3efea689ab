import type { IncomingMessage } from 'node:http';
import { Refusal } from '../refusal';

/** Bytes of a request's body that we take. */
export const BODY_LIMIT = 262_144;

/**
 * The body as it came over the wire. One that is too long is refused the moment that is known,
 * declared or not, and never kept: the answer closes the connection.
 */
export function readBody(request: IncomingMessage, limit = BODY_LIMIT): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > limit) return Promise.reject(tooLong());
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    request.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= limit) return chunks.push(chunk);
      request.removeAllListeners('data').resume();
      return reject(tooLong());
    });
    request.on('end', () => resolve(Buffer.concat(chunks)));
    const gone = () => reject(new Refusal(400, 'incomplete', 'The body did not arrive whole.'));
    request.on('error', gone).on('close', gone);
  });
}

function tooLong(): Refusal {
  const detail = `The body is longer than ${BODY_LIMIT} bytes.`;
  return new Refusal(413, 'body-too-long', detail, [], { Connection: 'close' });
}

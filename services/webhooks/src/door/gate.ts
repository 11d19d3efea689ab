import type { IncomingMessage } from 'node:http';
import type { Provider } from '../providers/provider';
import { plainAddress } from './address';
import type { Answer } from './answer';
import type { RawRequest } from './raw-request';
import { MAX_BODY_BYTES } from './read-body';
import { tooLong, unknownPath, wrongMediaType, wrongMethod, wrongPeer } from './refusals';

interface Passed {
  readonly provider: Provider;
  /** The further call of the provider's that this is; null: a delivery. */
  readonly call: ((request: RawRequest) => Promise<Answer | null>) | null;
  readonly peer: string;
}

/** Everything that is decided before a byte of the body is read. */
export function gate(
  request: IncomingMessage,
  providers: ReadonlyMap<string, Provider>,
  requestId: string,
): Passed | { readonly refusal: Answer } {
  const [, name = '', callName = null] = PATH.exec(request.url ?? '') ?? [];
  const provider = providers.get(name);
  const call = callName === null ? null : provider?.calls?.[callName];
  if (provider === undefined || call === undefined) return { refusal: unknownPath(requestId) };
  if (request.method !== 'POST') return { refusal: wrongMethod(requestId) };
  const peer = plainAddress(request.socket.remoteAddress ?? '');
  if (provider.peers?.check(peer) === false) return { refusal: wrongPeer(requestId) };
  if (!isJson(request)) return { refusal: wrongMediaType(requestId) };
  if (Number(request.headers['content-length'] ?? 0) > MAX_BODY_BYTES) {
    return { refusal: tooLong(requestId) };
  }
  return { provider, call, peer };
}

/** Below `/webhooks`: a provider's name, perhaps with one of its further calls, `/<name>/session`. */
const PATH = /^\/([a-z0-9-]+)(?:\/([a-z0-9-]+))?\/?(?:\?.*)?$/;

const JSON_TYPE = /^application\/json\s*(?:;\s*charset=(?:utf-8|"utf-8")\s*)?$/i;

function isJson({ headersDistinct }: IncomingMessage): boolean {
  const types = headersDistinct['content-type'] ?? [];
  const encoded = headersDistinct['content-encoding'] !== undefined;
  return types.length === 1 && JSON_TYPE.test(types[0] ?? '') && !encoded;
}

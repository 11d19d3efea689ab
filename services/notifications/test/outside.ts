import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

export const ADA = {
  ...{ title: 'Dr', firstName: 'Ada', lastName: 'Lovelace', email: 'ada@example.org' },
};

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into whatever was sent
  readonly body: any;
}

/** `page`: 200, by somebody on the way. */
type Reply = number | 'hang up' | 'page';

/** The CRM and subscriptions as a mail's sender sees them, on one port: what they were asked is kept. */
export interface Outside {
  readonly url: string;
  /** How the next calls are answered; then, and without any, all is well. */
  readonly replies: { crm: Reply[]; contacts: Reply[] };
  readonly posted: Asked[];
  readonly contactsAsked: Asked[];
  stop(): Promise<void>;
}

export async function startOutside(): Promise<Outside> {
  const replies: Outside['replies'] = { crm: [], contacts: [] };
  const posted: Asked[] = [];
  const contactsAsked: Asked[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const text = Buffer.concat(chunks).toString();
    const path = `${request.method} ${request.url}`;
    const asked = { path, headers: request.headers, body: text === '' ? null : JSON.parse(text) };
    const isCrm = path === 'POST /v1/messages';
    (isCrm ? posted : contactsAsked).push(asked);
    const reply = (isCrm ? replies.crm : replies.contacts).shift() ?? (isCrm ? 202 : 200);
    if (reply === 'hang up') request.socket.destroy();
    else if (reply === 'page') response.writeHead(200).end('<html>Please come back later</html>');
    else response.writeHead(reply).end(JSON.stringify(isCrm ? { id: 'crm_1' } : ADA));
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, replies, posted, contactsAsked },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

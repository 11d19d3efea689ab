import http from 'node:http';

const TIMEOUT_MS = 10_000;

export interface Posted {
  readonly status: number;
  readonly text: string;
}

/** Posts JSON. Follows nothing and repeats nothing; rejects where no whole answer comes. */
export type Post = (
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
) => Promise<Posted>;

export interface Poster {
  readonly post: Post;
  close(): void;
}

/** Over at most so many connections, which are kept. */
export function poster(maxSockets: number): Poster {
  const agent = new http.Agent({ keepAlive: true, maxSockets });
  return {
    post: (url, headers, body) => post(agent, url, headers, body),
    close: () => agent.destroy(),
  };
}

function post(
  agent: http.Agent,
  url: string,
  headers: Readonly<Record<string, string>>,
  body: string,
): Promise<Posted> {
  const type = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  const options = { method: 'POST', agent, headers: { ...type, ...headers }, timeout: TIMEOUT_MS };
  return new Promise((resolve, reject) => {
    const request = http.request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString('utf8') });
      });
    });
    request.on('timeout', () => request.destroy(new Error('timeout')));
    request.on('error', reject);
    request.end(body);
  });
}

import { connect, createServer, type Server, type Socket } from 'node:net';

/** A line to the broker that can be cut, closed and frozen. */
export class Line {
  readonly #sockets = new Set<Socket>();
  #closed = false;
  #frozen = false;

  private constructor(
    private readonly server: Server,
    private readonly target: URL,
  ) {}

  static async to(url: string): Promise<Line> {
    const server = createServer();
    const line = new Line(server, new URL(url));
    server.on('connection', (socket) => line.#join(socket));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    return line;
  }

  get url(): string {
    const address = this.server.address();
    const url = new URL(this.target);
    url.hostname = '127.0.0.1';
    url.port = String(typeof address === 'object' ? address?.port : '');
    return url.toString();
  }

  /** Breaks what is connected now. */
  cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Nobody gets through from now on. */
  close(): void {
    this.#closed = true;
    this.cut();
  }

  open(): void {
    this.#closed = false;
  }

  /** What the broker says does not arrive, on the connections of now. */
  freeze(): void {
    this.#frozen = true;
  }

  /** From now on lines are clear; what was lost stays lost. */
  thaw(): void {
    this.#frozen = false;
  }

  async end(): Promise<void> {
    this.close();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #join(near: Socket): void {
    if (this.#closed) return void near.destroy();
    const far = connect(Number(this.target.port), this.target.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => {});
      one.on('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
      one.on('data', (bytes) => {
        if (one === near || !this.#frozen) other.write(bytes);
      });
    }
  }
}

import { once } from 'node:events';
import {
  Agent,
  createServer,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Stands between applications and a fake Anthropic that serves HTTP. It can hold requests that are under way, so that a test decides what happens
 * before they are answered, and no timing does.
 */
export class Gate {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #server: Server;
  #held: (() => void)[] | undefined;
  #expected = { count: Number.POSITIVE_INFINITY, resolve: () => {} };

  private constructor(private readonly target: string) {
    this.#server = createServer((incoming, outgoing) => {
      if (!this.#held) {
        this.#pass(incoming, outgoing);
        return;
      }
      this.#held.push(() => this.#pass(incoming, outgoing));
      if (this.#held.length >= this.#expected.count) this.#expected.resolve();
    });
    // A client that reuses a connection just as it is closed would see a fault that nobody armed.
    this.#server.keepAliveTimeout = 0;
  }

  static async open(target: string): Promise<Gate> {
    const gate = new Gate(target);
    gate.#server.listen(0, '127.0.0.1');
    await once(gate.#server, 'listening');
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Holds requests from now on. Resolves when so many wait. */
  hold(count: number): Promise<void> {
    this.#held = [];
    return new Promise((resolve) => {
      this.#expected = { count, resolve };
    });
  }

  /** Lets all go on, and holds no more. Returns how many it held. */
  release(): number {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const pass of held) pass();
    return held.length;
  }

  async close(): Promise<void> {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #pass(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const { method, headers, url } = incoming;
    const asked = request(this.target + url, { method, headers, agent: this.#agent }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on('error', () => outgoing.destroy());
    incoming.pipe(asked);
  }
}

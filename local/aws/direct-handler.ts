import { HttpResponse } from '@smithy/core/protocols';
import { underway } from '../underway';
import type { Exchange } from './wire';

/** A request as AWS clients give it to their HTTP handler. */
interface ClientRequest {
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

/** Takes the place of an AWS client's HTTP handler: requests reach the embedded AWS as calls, and answers come back as they would from a socket. */
export class DirectHandler {
  constructor(private readonly exchange: Exchange) {}

  async handle({ path, query = {}, headers, body = '' }: ClientRequest): Promise<{ response: HttpResponse }> {
    const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
    const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    const url = [path, ...(Object.keys(query).length > 0 ? [new URLSearchParams(query)] : [])].join('?');
    const request = { url, headers: Object.fromEntries(named), body: text };
    const answer = await underway(() => this.exchange(request));
    if (answer === 'hang-up') throw hungUp();
    // Node's server dates what has no date yet, and the SDK takes the time from it.
    const dated = { date: new Date().toUTCString(), ...answer.headers };
    const response = new HttpResponse({
      statusCode: answer.status,
      headers: dated,
      body: Buffer.from(answer.body),
    });
    return { response };
  }

  destroy(): void {}
}

/** What the SDK's own handler makes of a connection that is broken off. */
const hungUp = () => Object.assign(new Error('socket hang up'), { code: 'ECONNRESET', name: 'TimeoutError' });

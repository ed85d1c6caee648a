// A client's connection to a front door, byte by byte, with what has happened to it.
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { EmulatedEdge } from './emulated-edge';

export class RawConnection {
  received = '';
  connected = false;
  ended = false;

  private constructor(
    private readonly socket: Socket,
    private readonly name: string,
  ) {
    socket.on('connect', () => (this.connected = true));
    socket.on('data', (chunk) => (this.received += chunk.toString()));
    socket.on('close', () => (this.ended = true));
    socket.on('error', () => (this.ended = true));
  }

  static async to(edge: EmulatedEdge, name: string): Promise<RawConnection> {
    const { port } = await edge.description();
    return new RawConnection(connect(port, await edge.addressOf(name)), name);
  }

  send(path: string): void {
    this.received = '';
    this.socket.write(`GET ${path} HTTP/1.1\r\nhost: ${this.name}\r\n\r\n`);
  }

  /** Whether an answer came within the time. */
  async answered(withinMs: number): Promise<boolean> {
    for (const until = Date.now() + withinMs; Date.now() < until && !this.received;) await pause(20);
    return this.received.startsWith('HTTP/1.1 200');
  }

  close(): void {
    this.socket.destroy();
  }
}

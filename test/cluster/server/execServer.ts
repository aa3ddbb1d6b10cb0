import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

/** One exec request and what a test can do with it. */
export interface ExecSession {
  readonly pod: string;
  readonly namespace: string;
  readonly container: string;
  readonly command: readonly string[];
  readonly socket: Socket;
  /** `Sec-WebSocket-Key` */
  readonly key: string | undefined;
  /** Settled when the client's side of the TCP connection has ended. */
  readonly ended: Promise<void>;
  /** Answers the upgrade with an HTTP error. */
  refuse(status: number, body: string, contentType?: string): void;
  /** Answers 101 with v5, else v4, and the empty stdout frame that a kubelet always sends first. */
  accept(): WebSocket;
  stdout(data: string | Buffer): void;
  stderr(data: string): void;
  /** The status frame and the close after it. */
  succeed(): void;
  exit(code: number): void;
  fail(message: string): void;
  /** FIN without a close frame. */
  cut(): void;
}

export type ExecScript = (session: ExecSession) => void | Promise<void>;

const upgrades = new WebSocketServer({
  noServer: true,
  handleProtocols: (offered) =>
    ['v5.channel.k8s.io', 'v4.channel.k8s.io'].find((protocol) => offered.has(protocol)) ?? false,
});

/** A finished command: what a kubelet sends for it. */
export function prints(stdout: string | Buffer, stderr = '', exitCode = 0): ExecScript {
  return (session) => {
    session.accept();
    const bytes = Buffer.from(stdout);
    for (let at = 0; at < bytes.length; at += 32768) session.stdout(bytes.subarray(at, at + 32768));
    if (stderr !== '') session.stderr(stderr);
    if (exitCode === 0) session.succeed();
    else session.exit(exitCode);
  };
}

/** What containerd and runc answer for a program that the image lacks (exec-notfound-containerd). */
export const missingBinary: ExecScript = (session) => {
  session.accept();
  const why = `exec: "${session.command[0]}": executable file not found in $PATH`;
  session.fail(`Internal error occurred: error executing command in container: ${why}`);
};

export function execSession(request: IncomingMessage, socket: Socket, head: Buffer): ExecSession {
  const url = new URL(request.url ?? '', 'http://server');
  const [, namespace = '', pod = ''] =
    /namespaces\/([^/]+)\/pods\/([^/]+)\/exec/.exec(url.pathname) ?? [];
  let client: WebSocket | undefined;
  const send = (channel: number, data: string | Buffer) =>
    client?.send(Buffer.concat([Buffer.of(channel), Buffer.from(data)]));
  const status = (value: object) => {
    const metadata = client?.protocol.startsWith('v5') ? { metadata: {} } : {};
    send(3, JSON.stringify({ ...metadata, ...value }));
    client?.close(1000);
  };
  return {
    namespace,
    pod,
    container: url.searchParams.get('container') ?? '',
    command: url.searchParams.getAll('command'),
    socket,
    key: request.headers['sec-websocket-key'],
    ended: new Promise((resolve) => {
      // Node's http server keeps a half-open socket.
      socket.on('end', () => resolve());
      socket.on('close', () => resolve());
    }),
    refuse(code, body, contentType = 'application/json') {
      const length = Buffer.byteLength(body);
      socket.end(
        `HTTP/1.1 ${code} Refused\r\nContent-Type: ${contentType}\r\nContent-Length: ${length}\r\n\r\n${body}`,
      );
    },
    accept() {
      upgrades.handleUpgrade(request, socket, head, (accepted) => (client = accepted));
      if (!client) throw new Error('The upgrade failed.');
      client.on('error', () => undefined);
      client.send(Buffer.of(1));
      return client;
    },
    stdout: (data) => void send(1, data),
    stderr: (data) => void send(2, data),
    succeed: () => status({ status: 'Success' }),
    exit: (code) =>
      status({
        status: 'Failure',
        message: `command terminated with non-zero exit code: command terminated with exit code ${code}`,
        reason: 'NonZeroExitCode',
        details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
      }),
    fail: (message) => status({ status: 'Failure', message, reason: 'InternalError', code: 500 }),
    cut: () => void socket.end(),
  };
}

import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { serverTls } from './tls';

/** One connection that went through a proxy. */
export interface Tunnel {
  /** As the client asked for it: `kubernetes.test:6443`. */
  readonly target: string;
  readonly authorization: string | undefined;
  /** Bytes to the server. */
  sent: number;
  /** Bytes from the server. */
  received: number;
}

/** A proxy that takes any name for this machine, as one would that alone knows the cluster's names. */
export interface ProxyServer {
  readonly url: string;
  readonly tunnels: readonly Tunnel[];
  close(): Promise<void>;
}

/**
 * @param refuse the status that a CONNECT is answered with, instead of a tunnel
 */
export async function startProxy(
  kind: 'http' | 'https' | 'socks5',
  refuse?: number,
): Promise<ProxyServer> {
  const tunnels: Tunnel[] = [];
  const sockets = new Set<Socket>();
  const keep = (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  };

  const tunnel = async (client: Socket, target: string, authorization?: string) => {
    const counted: Tunnel = { target, authorization, sent: 0, received: 0 };
    tunnels.push(counted);
    const server = connect(Number(target.slice(target.lastIndexOf(':') + 1)), '127.0.0.1');
    keep(server);
    await once(server, 'connect');
    client.on('data', (data: Buffer) => (counted.sent += data.length));
    server.on('data', (data: Buffer) => (counted.received += data.length));
    client.on('close', () => server.destroy());
    server.on('close', () => client.destroy());
    return () => {
      client.pipe(server);
      server.pipe(client);
    };
  };

  const onConnect = (request: http.IncomingMessage, client: Socket) => {
    keep(client);
    if (refuse !== undefined) {
      client.end(`HTTP/1.1 ${refuse} Refused\r\n\r\n`);
      return;
    }
    const { authorization } = { authorization: request.headers['proxy-authorization'] };
    void tunnel(client, request.url ?? '', authorization).then((start) => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      start();
    });
  };

  const onSocks = async (client: Socket) => {
    keep(client);
    await socksRequest(client, (target) => tunnel(client, target));
  };

  const server: Server =
    kind === 'socks5'
      ? createServer((client) => void onSocks(client))
      : (kind === 'https' ? https.createServer(serverTls) : http.createServer()).on(
          'connect',
          onConnect,
        );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `${kind}://127.0.0.1:${(server.address() as AddressInfo).port}`,
    tunnels,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** RFC 1928: no authentication, CONNECT to an IPv4 address (1) or to a name (3). */
async function socksRequest(
  client: Socket,
  open: (target: string) => Promise<() => void>,
): Promise<void> {
  await once(client, 'readable');
  client.read();
  client.write(Buffer.of(5, 0));
  await once(client, 'readable');
  const request = client.read() as Buffer;
  const isName = request[3] === 3;
  const end = isName ? 5 + (request[4] ?? 0) : 8;
  const host = isName ? request.toString('latin1', 5, end) : request.subarray(4, end).join('.');
  const start = await open(`${host}:${request.readUInt16BE(end)}`);
  client.write(Buffer.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
  start();
}

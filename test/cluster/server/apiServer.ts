import { once } from 'node:events';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { PeerCertificate, TLSSocket } from 'node:tls';
import { execSession, missingBinary, type ExecScript, type ExecSession } from './execServer';
import { listPage, writeJson, type ServerObject } from './lists';
import { serverTls } from './tls';

export interface ServerOptions {
  readonly tls?: boolean;
  /** By the last part of the path: `services`, `pods`, `configmaps`, ... */
  readonly objects?: Readonly<Record<string, readonly ServerObject[]>>;
  /** How many objects a page holds at most, whatever the client's limit. */
  readonly pageSize?: number;
  /** What a command does; containerd's "not found" where undefined. */
  readonly exec?: (session: ExecSession) => ExecScript | undefined;
  /** Answers a request itself when it returns true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A server that speaks the part of the Kubernetes API that src/cluster uses. */
export interface ApiServer {
  readonly url: string;
  readonly port: number;
  /** `GET /version`, in the order of arrival. */
  readonly requests: readonly string[];
  /** Headers of the last request. */
  lastHeaders(): http.IncomingHttpHeaders;
  /** The common name of the last client certificate, if the client had one of the server's CA. */
  lastUser(): string | undefined;
  readonly execs: readonly ExecSession[];
  readonly objects: Record<string, ServerObject[]>;
  /** Sends an event to all watches of a resource: a JSON line. */
  emit(resource: string, event: object | string): void;
  /** Ends all watches as timeoutSeconds does. */
  endWatches(): void;
  openConnections(): number;
  close(): Promise<void>;
}

export async function startApiServer(options: ServerOptions = {}): Promise<ApiServer> {
  const objects: Record<string, ServerObject[]> = {};
  for (const [resource, list] of Object.entries(options.objects ?? {}))
    objects[resource] = [...list];
  const requests: string[] = [];
  const execs: ExecSession[] = [];
  const sockets = new Set<Socket>();
  const watches = new Map<ServerResponse, string>();
  let headers: http.IncomingHttpHeaders = {};
  let user: string | undefined;

  const note = (request: IncomingMessage) => {
    requests.push(`${request.method} ${request.url}`);
    headers = request.headers;
    const socket = request.socket as TLSSocket;
    user = socket.authorized
      ? String((socket.getPeerCertificate() as Partial<PeerCertificate>).subject?.CN)
      : undefined;
  };

  const answer = (request: IncomingMessage, response: ServerResponse) => {
    note(request);
    if (options.intercept?.(request, response)) return;
    const url = new URL(request.url ?? '', 'http://server');
    if (url.pathname === '/version') return writeJson(response, 200, { gitVersion: 'v1.36.2' });
    const [, namespace, resource = '', name] =
      /^\/(?:api\/v1|apis\/[^/]+\/v1)(?:\/namespaces\/([^/]+))?\/([a-z]+)(?:\/([^/]+))?$/.exec(
        url.pathname,
      ) ?? [];
    const list = (objects[resource] ??= []);
    if (request.method === 'POST') return create(request, response, list, namespace);
    if (request.method === 'DELETE' || name !== undefined) {
      const at = list.findIndex(({ metadata }) => metadata.name === decodeURIComponent(name ?? ''));
      if (at < 0)
        return writeJson(response, 404, { kind: 'Status', message: `"${name}" not found` });
      const [found] = request.method === 'DELETE' ? list.splice(at, 1) : [list[at]];
      return writeJson(response, 200, found);
    }
    if (url.searchParams.get('watch') === 'true') {
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.flushHeaders();
      watches.set(response, resource);
      return;
    }
    writeJson(
      response,
      200,
      listPage(resource, list, namespace, url.searchParams, options.pageSize),
    );
  };

  const server = options.tls ? https.createServer(serverTls, answer) : http.createServer(answer);
  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    note(request);
    socket.on('error', () => undefined);
    const session = execSession(request, socket, head);
    execs.push(session);
    void (options.exec?.(session) ?? missingBinary)(session);
  });
  server.on(options.tls ? 'secureConnection' : 'connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    port,
    requests,
    execs,
    objects,
    lastHeaders: () => headers,
    lastUser: () => user,
    emit(resource, event) {
      const line = typeof event === 'string' ? event : `${JSON.stringify(event)}\n`;
      for (const [response, watched] of watches) if (watched === resource) response.write(line);
    },
    endWatches() {
      for (const response of watches.keys()) response.end();
      watches.clear();
    },
    openConnections: () => sockets.size,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function create(
  request: IncomingMessage,
  response: ServerResponse,
  list: ServerObject[],
  namespace: string | undefined,
): void {
  let text = '';
  request.on('data', (part: Buffer) => (text += part.toString()));
  request.on('end', () => {
    const object = JSON.parse(text) as ServerObject & { metadata: { generateName?: string } };
    const name = object.metadata.name ?? `${object.metadata.generateName}x1y2z`;
    const created = {
      ...object,
      metadata: { ...object.metadata, name, namespace },
      status: { phase: 'Running' },
    };
    list.push(created);
    writeJson(response, 201, created);
  });
}

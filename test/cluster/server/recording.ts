import { readFileSync } from 'node:fs';
import type { ExecScript } from './execServer';

/** One request of a recording; the format is told in test/fixtures/kubernetes-api/README.md. */
export interface RecordedRequest {
  readonly path: string;
  readonly status: number;
  readonly responseHeaders: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly frames?: readonly {
    readonly from: string;
    readonly opcode: number;
    readonly channel?: number;
    readonly text?: string;
    readonly base64?: string;
    readonly closeCode?: number;
  }[];
  readonly events?: readonly { readonly line: string }[];
}

export function recording(name: string): readonly RecordedRequest[] {
  const url = new URL(`../../fixtures/kubernetes-api/${name}.json`, import.meta.url);
  return (JSON.parse(readFileSync(url, 'utf8')) as { requests: RecordedRequest[] }).requests;
}

/** Plays an exec recording: the refusal, or each of the server's frames, without the waits. */
export function replay(name: string): ExecScript {
  const [request] = recording(name);
  if (!request) throw new Error(`${name} holds no request`);
  return (session) => {
    if (request.status !== 101) {
      session.refuse(request.status, request.body ?? '', request.responseHeaders['Content-Type']);
      return;
    }
    const socket = session.accept();
    const frames = (request.frames ?? []).filter(({ from }) => from === 'server');
    for (const { opcode, channel = 0, text, base64, closeCode } of frames) {
      if (opcode === 8) socket.close(closeCode);
      else {
        const payload =
          base64 === undefined ? Buffer.from(text ?? '') : Buffer.from(base64, 'base64');
        socket.send(Buffer.concat([Buffer.of(channel), payload]));
      }
    }
    if (!frames.some(({ opcode }) => opcode === 8)) session.cut();
  };
}
